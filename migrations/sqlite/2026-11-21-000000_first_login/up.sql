-- Times are milliseconds since the Unix epoch. Text compares byte by byte, which is SQLite's default.
-- Foreign keys stand only between tables that grow with people; the tables that grow with logins have
-- none, so that they can be partitioned and pruned each on its own.

CREATE TABLE accounts (
    id TEXT PRIMARY KEY NOT NULL,
    phone TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    disabled INTEGER NOT NULL,
    -- Logins that were registered until then open no session any more.
    sessions_ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX accounts_phone ON accounts (phone);

CREATE TABLE identities (
    id TEXT PRIMARY KEY NOT NULL,
    app TEXT NOT NULL,
    channel TEXT NOT NULL,
    openid TEXT NOT NULL,
    unionid TEXT,
    account_id TEXT REFERENCES accounts (id),
    nickname TEXT,
    avatar_url TEXT,
    created_at INTEGER NOT NULL,
    linked_at INTEGER,
    prune_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX identities_app_openid ON identities (app, openid);
-- One user of an app per account: this is what "phone_taken" rests on when two people race.
CREATE UNIQUE INDEX identities_account_id_app ON identities (account_id, app);
CREATE INDEX identities_unionid ON identities (unionid);
CREATE INDEX identities_prune_at ON identities (prune_at);

CREATE TABLE logins (
    id TEXT PRIMARY KEY NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    identity_id TEXT,
    account_id TEXT,
    deadline INTEGER,
    since INTEGER,
    app TEXT,
    scan_known INTEGER,
    asked_ip TEXT,
    asked_browser TEXT,
    scanned_at INTEGER,
    proof BLOB,
    prune_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX logins_prune_at ON logins (prune_at);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL,
    login_id TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    account_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    ended_at INTEGER,
    prune_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sessions_login_id ON sessions (login_id);
CREATE UNIQUE INDEX sessions_token_hash ON sessions (token_hash);
CREATE INDEX sessions_account_id ON sessions (account_id);
CREATE INDEX sessions_prune_at ON sessions (prune_at);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    account_id TEXT NOT NULL,
    login_id TEXT
) STRICT;
CREATE INDEX audit_account_id ON audit (account_id);
