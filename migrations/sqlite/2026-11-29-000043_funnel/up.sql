-- How many logins took which step, by hour and by day. An abandoned QR code has no row of its own anywhere.
CREATE TABLE saoma_funnel (
    -- All that the row is counted by.
    id TEXT PRIMARY KEY NOT NULL,
    period TEXT NOT NULL,
    begins_at INTEGER NOT NULL,
    channel TEXT NOT NULL,
    app TEXT NOT NULL,
    purpose TEXT NOT NULL,
    step TEXT NOT NULL,
    count INTEGER NOT NULL,
    prune_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX saoma_funnel_begins_at ON saoma_funnel (period, begins_at);
CREATE INDEX saoma_funnel_prune_at ON saoma_funnel (prune_at);
