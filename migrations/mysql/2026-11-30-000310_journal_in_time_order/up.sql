-- The journal anew: its key is the moment of an entry, so that a row is added at the end of the table and pruned at its beginning,
-- and no index by time is needed. Nothing was released with the journal before, so its entries go, and a node that still knows that
-- one cannot write beside this one: it answers 503, and WeChat sends what it tells again.
-- It may be run again.
DROP TABLE IF EXISTS saoma_journal;
CREATE TABLE saoma_journal (
    -- Milliseconds since the Unix epoch, and 20 bits by which entries of one moment are told apart.
    id BIGINT NOT NULL,
    openid VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    app VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    received_at BIGINT NOT NULL,
    -- When WeChat says that it happened.
    told_at BIGINT NOT NULL,
    kind VARCHAR(128) NOT NULL,
    -- The scene, the key of the menu, the name of the event.
    `key` TEXT,
    -- Only with journal.keep_text.
    text TEXT,
    msg_id VARCHAR(128),
    outcome VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    login_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    node VARCHAR(128) NOT NULL,
    request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    took_ms BIGINT NOT NULL,
    -- The entry that was taken again.
    replay_of BIGINT,
    PRIMARY KEY (id),
    KEY saoma_journal_openid (openid, app)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
