-- How the person proved who they are, as the login's row has it.
-- It may be run again: one statement adds all columns, and it is left out where they are there.
SET @has_columns = (SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'saoma_sessions' AND column_name = 'amr');
SET @change = IF(@has_columns = 0, 'ALTER TABLE saoma_sessions ADD COLUMN amr VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin', 'DO 0');
PREPARE the_change FROM @change;
EXECUTE the_change;
DEALLOCATE PREPARE the_change;
