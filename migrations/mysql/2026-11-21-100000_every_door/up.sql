-- One-time codes that were claimed before they were used, as SHA-256: the key decides who was first.
CREATE TABLE IF NOT EXISTS claims (
    what VARBINARY(64) NOT NULL,
    claimant VARBINARY(64) NOT NULL,
    prune_at BIGINT NOT NULL,
    PRIMARY KEY (what),
    KEY claims_prune_at (prune_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Whose unionid it is. One that was noted before, also by a node that still runs the version before, is one of
-- the open-platform account that the configuration names when it names none. In the index the unionid comes
-- first, since nodes of the version before look for it alone.
-- The change is one statement, so it is made as a whole or not at all. MySQL has no IF NOT EXISTS for columns:
-- whether it was made before is asked first.
SET @saoma_change = IF(
    EXISTS (
        SELECT 1 FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = 'identities' AND column_name = 'open_account'
    ),
    'DO 0',
    'ALTER TABLE identities
        ADD COLUMN open_account VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin DEFAULT ''default'',
        ADD COLUMN unsubscribed_at BIGINT,
        DROP KEY identities_unionid,
        ADD KEY identities_union (unionid, open_account)'
);
PREPARE saoma_change FROM @saoma_change;
EXECUTE saoma_change;
DEALLOCATE PREPARE saoma_change;
