-- What sessions have granted to OpenID clients. Codes and refresh tokens are kept as SHA-256 only.
CREATE TABLE IF NOT EXISTS saoma_grants (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    client_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    account_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    session_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Separated by blanks.
    scopes VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    redirect_uri TEXT NOT NULL,
    nonce TEXT,
    challenge VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    granted_at BIGINT NOT NULL,
    code_hash VARBINARY(64) NOT NULL,
    redeemed_at BIGINT,
    -- Which of the refresh tokens is good, since when, and the one before.
    generation BIGINT,
    refresh_hash VARBINARY(64),
    previous_hash VARBINARY(64),
    refreshed_at BIGINT,
    -- When its client or a theft ended it; the end of its session is not written here.
    ended_at BIGINT,
    version BIGINT NOT NULL,
    prune_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    KEY saoma_grants_session_id (session_id),
    KEY saoma_grants_account_id (account_id),
    KEY saoma_grants_prune_at (prune_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What people have agreed that clients may have.
CREATE TABLE IF NOT EXISTS saoma_client_consents (
    account_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    client_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    scopes VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    agreed_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, client_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
