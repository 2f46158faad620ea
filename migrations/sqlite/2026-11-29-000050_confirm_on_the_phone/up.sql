-- How the person proved who they are, in the words of the contract's `amr`; and the phone that scanned is asked: the digits
-- to enter on it, where it is asked for them, and how often it entered others.
ALTER TABLE saoma_logins ADD COLUMN amr TEXT;
ALTER TABLE saoma_logins ADD COLUMN confirm_number INTEGER;
ALTER TABLE saoma_logins ADD COLUMN confirm_tries INTEGER;
