-- To which version of the terms a person agreed in a login. It belongs to the account that the login led to, and goes with it.
CREATE TABLE IF NOT EXISTS saoma_consents (
    login_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Absent as long as the login has led to no account.
    account_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    version VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    given_at BIGINT NOT NULL,
    ip VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Only without an account.
    prune_at BIGINT,
    PRIMARY KEY (login_id),
    KEY saoma_consents_account_id (account_id),
    KEY saoma_consents_prune_at (prune_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
