-- The ends of the chain of the audit trail: one row.
CREATE TABLE saoma_audit_chain (
    name TEXT PRIMARY KEY NOT NULL,
    -- The place before the first record that is kept.
    anchor_seq INTEGER NOT NULL,
    anchor_hash BLOB NOT NULL,
    -- The place of the last record that was sealed.
    head_seq INTEGER NOT NULL,
    head_hash BLOB NOT NULL,
    -- The node that seals, and until when no other one does.
    sealer TEXT NOT NULL,
    sealer_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
