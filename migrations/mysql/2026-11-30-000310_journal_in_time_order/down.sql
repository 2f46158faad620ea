DROP TABLE IF EXISTS saoma_journal;
-- What WeChat told, redacted, and what it led to.
CREATE TABLE IF NOT EXISTS saoma_journal (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    received_at BIGINT NOT NULL,
    -- When WeChat says that it happened.
    told_at BIGINT NOT NULL,
    app VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    openid VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
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
    replay_of VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    prune_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    KEY saoma_journal_openid (openid, app),
    KEY saoma_journal_prune_at (prune_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
