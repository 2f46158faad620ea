-- How the person proved who they are, in the words of the contract's `amr`; and the phone that scanned is asked: the digits
-- to enter on it, where it is asked for them, and how often it entered others. One statement: it happens whole or not at all.
ALTER TABLE saoma_logins
    ADD COLUMN amr TEXT COLLATE "C",
    ADD COLUMN confirm_number BIGINT,
    ADD COLUMN confirm_tries BIGINT;
