-- Keys that sign tokens, where the configuration has none: sealed with the server's key, and the same for all nodes.
CREATE TABLE IF NOT EXISTS saoma_signing_keys (
    algorithm VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- The first key of an algorithm is 1; the node that writes the next number has made the key for all.
    generation INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    signs_from BIGINT NOT NULL,
    signs_until BIGINT NOT NULL,
    published_until BIGINT NOT NULL,
    PRIMARY KEY (algorithm, generation)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
