-- Keys that sign tokens, where the configuration has none: sealed with the server's key, and the same for all nodes.
CREATE TABLE saoma_signing_keys (
    algorithm TEXT COLLATE "C" NOT NULL,
    -- The first key of an algorithm is 1; the node that writes the next number has made the key for all.
    generation INTEGER NOT NULL,
    sealed BYTEA NOT NULL,
    signs_from BIGINT NOT NULL,
    signs_until BIGINT NOT NULL,
    published_until BIGINT NOT NULL,
    PRIMARY KEY (algorithm, generation)
);
