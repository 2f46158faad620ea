-- The ends of the chain of the audit trail: one row.
CREATE TABLE IF NOT EXISTS saoma_audit_chain (
    name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- The place before the first record that is kept.
    anchor_seq BIGINT NOT NULL,
    anchor_hash VARBINARY(64) NOT NULL,
    -- The place of the last record that was sealed.
    head_seq BIGINT NOT NULL,
    head_hash VARBINARY(64) NOT NULL,
    -- The node that seals, and until when no other one does.
    sealer VARCHAR(255) NOT NULL,
    sealer_until BIGINT NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
