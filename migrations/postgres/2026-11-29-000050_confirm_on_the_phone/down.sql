ALTER TABLE saoma_logins
    DROP COLUMN confirm_tries,
    DROP COLUMN confirm_number,
    DROP COLUMN amr;
