-- What sessions have granted to OpenID clients. Codes and refresh tokens are kept as SHA-256 only.
CREATE TABLE saoma_grants (
    id TEXT COLLATE "C" PRIMARY KEY,
    client_id TEXT COLLATE "C" NOT NULL,
    account_id TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    -- Separated by blanks.
    scopes TEXT COLLATE "C" NOT NULL,
    redirect_uri TEXT COLLATE "C" NOT NULL,
    nonce TEXT,
    challenge TEXT COLLATE "C",
    granted_at BIGINT NOT NULL,
    code_hash BYTEA NOT NULL,
    redeemed_at BIGINT,
    -- Which of the refresh tokens is good, since when, and the one before.
    generation BIGINT,
    refresh_hash BYTEA,
    previous_hash BYTEA,
    refreshed_at BIGINT,
    -- When its client or a theft ended it; the end of its session is not written here.
    ended_at BIGINT,
    version BIGINT NOT NULL,
    prune_at BIGINT NOT NULL
);
CREATE INDEX saoma_grants_session_id ON saoma_grants (session_id);
CREATE INDEX saoma_grants_account_id ON saoma_grants (account_id);
CREATE INDEX saoma_grants_prune_at ON saoma_grants (prune_at);

-- What people have agreed that clients may have.
CREATE TABLE saoma_client_consents (
    account_id TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    scopes TEXT COLLATE "C" NOT NULL,
    agreed_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, client_id)
);
