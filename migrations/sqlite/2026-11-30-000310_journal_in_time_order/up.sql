-- The journal anew: its key is the moment of an entry, so that a row is added at the end of the table and pruned at its beginning,
-- and no index by time is needed. Nothing was released with the journal before, so its entries go, and a node that still knows that
-- one cannot write beside this one: it answers 503, and WeChat sends what it tells again.
-- There is no index by person either: each entry would write one more page, anywhere in that index, which is dearer than the entry
-- itself. Who looks for a person reads the days that are kept (docs/PERFORMANCE.md says how long that takes).
DROP TABLE saoma_journal;
CREATE TABLE saoma_journal (
    -- Milliseconds since the Unix epoch, and 20 bits by which entries of one moment are told apart.
    id INTEGER PRIMARY KEY NOT NULL,
    openid TEXT NOT NULL,
    app TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    -- When WeChat says that it happened.
    told_at INTEGER NOT NULL,
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
    replay_of INTEGER
) STRICT;
