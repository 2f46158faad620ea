-- The ends of the chain of the audit trail: one row.
CREATE TABLE saoma_audit_chain (
    name TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    -- The place before the first record that is kept.
    anchor_seq BIGINT NOT NULL,
    anchor_hash BYTEA NOT NULL,
    -- The place of the last record that was sealed.
    head_seq BIGINT NOT NULL,
    head_hash BYTEA NOT NULL,
    -- The node that seals, and until when no other one does.
    sealer TEXT COLLATE "C" NOT NULL,
    sealer_until BIGINT NOT NULL
);
