-- The journal anew: its key is the moment of an entry, so that a row is added at the end of the table and pruned at its beginning,
-- and no index by time is needed. Nothing was released with the journal before, so its entries go, and a node that still knows that
-- one cannot write beside this one: it answers 503, and WeChat sends what it tells again.
DROP TABLE saoma_journal;
CREATE TABLE saoma_journal (
    -- Milliseconds since the Unix epoch, and 20 bits by which entries of one moment are told apart.
    id BIGINT PRIMARY KEY NOT NULL,
    openid TEXT COLLATE "C" NOT NULL,
    app TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    -- When WeChat says that it happened.
    told_at BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    -- The scene, the key of the menu, the name of the event.
    key TEXT COLLATE "C",
    -- Only with journal.keep_text.
    text TEXT COLLATE "C",
    msg_id TEXT COLLATE "C",
    outcome TEXT COLLATE "C" NOT NULL,
    login_id TEXT COLLATE "C",
    node TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    took_ms BIGINT NOT NULL,
    -- The entry that was taken again.
    replay_of BIGINT
);
CREATE INDEX saoma_journal_openid ON saoma_journal (openid, app);
