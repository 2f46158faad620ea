DROP TABLE saoma_journal;
-- What WeChat told, redacted, and what it led to.
CREATE TABLE saoma_journal (
    id TEXT PRIMARY KEY NOT NULL,
    received_at INTEGER NOT NULL,
    -- When WeChat says that it happened.
    told_at INTEGER NOT NULL,
    app TEXT NOT NULL,
    openid TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The scene, the key of the menu, the name of the event.
    key TEXT,
    -- Only with journal.keep_text.
    text TEXT,
    msg_id TEXT,
    outcome TEXT NOT NULL,
    login_id TEXT,
    node TEXT NOT NULL,
    request_id TEXT NOT NULL,
    took_ms INTEGER NOT NULL,
    -- The entry that was taken again.
    replay_of TEXT,
    prune_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX saoma_journal_openid ON saoma_journal (openid, app);
CREATE INDEX saoma_journal_prune_at ON saoma_journal (prune_at);
