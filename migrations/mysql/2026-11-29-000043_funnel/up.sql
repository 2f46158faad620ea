-- How many logins took which step, by hour and by day. An abandoned QR code has no row of its own anywhere.
CREATE TABLE IF NOT EXISTS saoma_funnel (
    -- All that the row is counted by.
    id VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    period VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    begins_at BIGINT NOT NULL,
    channel VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    app VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    purpose VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    step VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    count BIGINT NOT NULL,
    prune_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    KEY saoma_funnel_begins_at (period, begins_at),
    KEY saoma_funnel_prune_at (prune_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
