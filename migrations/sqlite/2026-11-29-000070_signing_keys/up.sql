-- Keys that sign tokens, where the configuration has none: sealed with the server's key, and the same for all nodes.
CREATE TABLE saoma_signing_keys (
    algorithm TEXT NOT NULL,
    -- The first key of an algorithm is 1; the node that writes the next number has made the key for all.
    generation INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    signs_from INTEGER NOT NULL,
    signs_until INTEGER NOT NULL,
    published_until INTEGER NOT NULL,
    PRIMARY KEY (algorithm, generation)
) STRICT, WITHOUT ROWID;
