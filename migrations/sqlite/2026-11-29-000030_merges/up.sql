-- Accounts that were merged: which parts moved, and nothing of what they say of the person.
CREATE TABLE saoma_merges (
    id TEXT PRIMARY KEY NOT NULL,
    into_id TEXT NOT NULL,
    from_id TEXT NOT NULL,
    merged_at INTEGER NOT NULL,
    -- The ids of the identities that moved, and the names of the other parts, separated by blanks.
    identities TEXT NOT NULL,
    parts TEXT NOT NULL,
    -- How the account was before that is shut since.
    was_disabled INTEGER NOT NULL,
    disabled_reason TEXT,
    undone_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX saoma_merges_into_id ON saoma_merges (into_id);
CREATE INDEX saoma_merges_from_id ON saoma_merges (from_id);
