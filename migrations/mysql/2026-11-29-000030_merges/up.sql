-- Accounts that were merged: which parts moved, and nothing of what they say of the person.
CREATE TABLE IF NOT EXISTS saoma_merges (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    into_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    from_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    merged_at BIGINT NOT NULL,
    -- The ids of the identities that moved, and the names of the other parts, separated by blanks.
    identities TEXT NOT NULL,
    parts TEXT NOT NULL,
    -- How the account was before that is shut since.
    was_disabled BOOLEAN NOT NULL,
    disabled_reason TEXT,
    undone_at BIGINT,
    PRIMARY KEY (id),
    KEY saoma_merges_into_id (into_id),
    KEY saoma_merges_from_id (from_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
