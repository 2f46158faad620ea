ALTER TABLE saoma_logins DROP COLUMN confirm_tries;
ALTER TABLE saoma_logins DROP COLUMN confirm_number;
ALTER TABLE saoma_logins DROP COLUMN amr;
