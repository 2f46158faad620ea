-- How many logins took which step, by hour and by day. An abandoned QR code has no row of its own anywhere.
CREATE TABLE saoma_funnel (
    -- All that the row is counted by.
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    begins_at BIGINT NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    app TEXT COLLATE "C" NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    step TEXT COLLATE "C" NOT NULL,
    count BIGINT NOT NULL,
    prune_at BIGINT NOT NULL
);
CREATE INDEX saoma_funnel_begins_at ON saoma_funnel (period, begins_at);
CREATE INDEX saoma_funnel_prune_at ON saoma_funnel (prune_at);
