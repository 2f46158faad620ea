DROP TABLE IF EXISTS claims;

SET @saoma_change = IF(
    EXISTS (
        SELECT 1 FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = 'identities' AND column_name = 'open_account'
    ),
    'ALTER TABLE identities
        DROP KEY identities_union,
        DROP COLUMN unsubscribed_at,
        DROP COLUMN open_account,
        ADD KEY identities_unionid (unionid)',
    'DO 0'
);
PREPARE saoma_change FROM @saoma_change;
EXECUTE saoma_change;
DEALLOCATE PREPARE saoma_change;
