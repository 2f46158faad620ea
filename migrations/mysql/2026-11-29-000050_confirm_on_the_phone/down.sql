SET @has_columns = (SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'saoma_logins' AND column_name = 'amr');
SET @change = IF(@has_columns = 1, 'ALTER TABLE saoma_logins DROP COLUMN confirm_tries, DROP COLUMN confirm_number, DROP COLUMN amr', 'DO 0');
PREPARE the_change FROM @change;
EXECUTE the_change;
DEALLOCATE PREPARE the_change;
