-- How the person proved who they are, in the words of the contract's `amr`; and the phone that scanned is asked: the digits
-- to enter on it, where it is asked for them, and how often it entered others.
-- It may be run again: one statement adds all columns, and it is left out where they are there.
SET @has_columns = (SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'saoma_logins' AND column_name = 'amr');
SET @change = IF(@has_columns = 0, 'ALTER TABLE saoma_logins ADD COLUMN amr VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin, ADD COLUMN confirm_number BIGINT, ADD COLUMN confirm_tries BIGINT', 'DO 0');
PREPARE the_change FROM @change;
EXECUTE the_change;
DEALLOCATE PREPARE the_change;
