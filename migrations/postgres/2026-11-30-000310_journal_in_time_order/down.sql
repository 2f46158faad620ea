DROP TABLE saoma_journal;
-- What WeChat told, redacted, and what it led to.
CREATE TABLE saoma_journal (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    received_at BIGINT NOT NULL,
    -- When WeChat says that it happened.
    told_at BIGINT NOT NULL,
    app TEXT COLLATE "C" NOT NULL,
    openid TEXT COLLATE "C" NOT NULL,
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
    replay_of TEXT COLLATE "C",
    prune_at BIGINT NOT NULL
);
CREATE INDEX saoma_journal_openid ON saoma_journal (openid, app);
CREATE INDEX saoma_journal_prune_at ON saoma_journal (prune_at);
