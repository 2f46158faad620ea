-- To which version of the terms a person agreed in a login. It belongs to the account that the login led to, and goes with it.
CREATE TABLE saoma_consents (
    login_id TEXT PRIMARY KEY NOT NULL,
    -- Absent as long as the login has led to no account.
    account_id TEXT,
    version TEXT NOT NULL,
    given_at INTEGER NOT NULL,
    ip TEXT NOT NULL,
    -- Only without an account.
    prune_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX saoma_consents_account_id ON saoma_consents (account_id);
CREATE INDEX saoma_consents_prune_at ON saoma_consents (prune_at);
