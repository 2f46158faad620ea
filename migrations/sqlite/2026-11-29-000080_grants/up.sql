-- What sessions have granted to OpenID clients. Codes and refresh tokens are kept as SHA-256 only.
CREATE TABLE saoma_grants (
    id TEXT PRIMARY KEY NOT NULL,
    client_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    -- Separated by blanks.
    scopes TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    nonce TEXT,
    challenge TEXT,
    granted_at INTEGER NOT NULL,
    code_hash BLOB NOT NULL,
    redeemed_at INTEGER,
    -- Which of the refresh tokens is good, since when, and the one before.
    generation INTEGER,
    refresh_hash BLOB,
    previous_hash BLOB,
    refreshed_at INTEGER,
    -- When its client or a theft ended it; the end of its session is not written here.
    ended_at INTEGER,
    version INTEGER NOT NULL,
    prune_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX saoma_grants_session_id ON saoma_grants (session_id);
CREATE INDEX saoma_grants_account_id ON saoma_grants (account_id);
CREATE INDEX saoma_grants_prune_at ON saoma_grants (prune_at);

-- What people have agreed that clients may have.
CREATE TABLE saoma_client_consents (
    account_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    scopes TEXT NOT NULL,
    agreed_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, client_id)
) STRICT, WITHOUT ROWID;
