-- Events that wait for a receiver, and those that none took in time. A number is never used again: receivers know an event
-- by it.
CREATE TABLE IF NOT EXISTS saoma_events (
    id BIGINT NOT NULL AUTO_INCREMENT,
    receiver VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- What events are kept in order by: an account, as a rule.
    lane VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    at BIGINT NOT NULL,
    account_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    identity_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    app VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin,
    session_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    login_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    detail TEXT,
    tries BIGINT NOT NULL,
    -- Only while it waits.
    next_try_at BIGINT,
    last_error TEXT,
    give_up_at BIGINT NOT NULL,
    prune_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    KEY saoma_events_next_try_at (receiver, next_try_at),
    KEY saoma_events_lane (lane, receiver),
    KEY saoma_events_prune_at (prune_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
