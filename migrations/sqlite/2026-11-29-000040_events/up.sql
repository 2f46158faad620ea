-- Events that wait for a receiver, and those that none took in time. A number is never used again: receivers know an event
-- by it.
CREATE TABLE saoma_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    receiver TEXT NOT NULL,
    -- What events are kept in order by: an account, as a rule.
    lane TEXT NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    account_id TEXT,
    identity_id TEXT,
    app TEXT,
    session_id TEXT,
    login_id TEXT,
    detail TEXT,
    tries INTEGER NOT NULL,
    -- Only while it waits.
    next_try_at INTEGER,
    last_error TEXT,
    give_up_at INTEGER NOT NULL,
    prune_at INTEGER NOT NULL
) STRICT;
CREATE INDEX saoma_events_next_try_at ON saoma_events (receiver, next_try_at);
CREATE INDEX saoma_events_lane ON saoma_events (lane, receiver);
CREATE INDEX saoma_events_prune_at ON saoma_events (prune_at);
