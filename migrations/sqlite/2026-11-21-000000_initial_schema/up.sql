-- Times are milliseconds since the Unix epoch. Text compares byte by byte, which is SQLite's default.
-- Foreign keys stand only between tables that grow with people. The tables that grow with logins have none, so
-- that each can be partitioned and pruned on its own.

CREATE TABLE saoma_accounts (
    id TEXT PRIMARY KEY NOT NULL,
    phone TEXT,
    created_at INTEGER NOT NULL,
    disabled INTEGER NOT NULL,
    -- A login that was registered until then issues no session any more.
    sessions_ended_at INTEGER,
    -- When the person logged in last, give or take a day.
    last_seen_at INTEGER NOT NULL,
    -- The site's own id of the person.
    external_id TEXT,
    -- What the site keeps with the account: a JSON object.
    attributes TEXT,
    disabled_reason TEXT,
    -- What the person chose for this site.
    nickname TEXT,
    avatar_url TEXT
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX saoma_accounts_phone ON saoma_accounts (phone);
CREATE UNIQUE INDEX saoma_accounts_external_id ON saoma_accounts (external_id);

CREATE TABLE saoma_identities (
    id TEXT PRIMARY KEY NOT NULL,
    app TEXT NOT NULL,
    channel TEXT NOT NULL,
    openid TEXT NOT NULL,
    -- Both or neither: a unionid is unique within its open-platform account.
    open_account TEXT,
    unionid TEXT,
    account_id TEXT REFERENCES saoma_accounts (id),
    nickname TEXT,
    avatar_url TEXT,
    created_at INTEGER NOT NULL,
    linked_at INTEGER,
    unsubscribed_at INTEGER,
    -- Only while the identity is not linked to an account.
    prune_at INTEGER,
    -- Until when it may not change the ways into its account: it came by the number alone.
    probation_until INTEGER,
    -- Until when its person is to be told of an identity that came by the number alone.
    notice_until INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX saoma_identities_app_openid ON saoma_identities (app, openid);
-- An account has one user of an app: this decides when two people bind one phone number at once.
CREATE UNIQUE INDEX saoma_identities_account_id_app ON saoma_identities (account_id, app);
CREATE INDEX saoma_identities_union ON saoma_identities (unionid, open_account);
CREATE INDEX saoma_identities_prune_at ON saoma_identities (prune_at);

-- A login has a row as soon as something happened to it.
CREATE TABLE saoma_logins (
    id TEXT PRIMARY KEY NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    -- Why it expired; only then.
    reason TEXT,
    -- What its scan led to. Without an outcome there was no scan, and the columns of the scan are empty.
    outcome TEXT,
    identity_id TEXT,
    account_id TEXT,
    -- Unregistered: until when a phone number may be bound. Registered: until when its session may be issued.
    deadline INTEGER,
    -- Since when it is registered or expired.
    since INTEGER,
    client_ip TEXT,
    client_user_agent TEXT,
    scanned_at INTEGER,
    proof BLOB,
    prune_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Finds what an erased person scanned.
CREATE INDEX saoma_logins_identity_id ON saoma_logins (identity_id);
CREATE INDEX saoma_logins_prune_at ON saoma_logins (prune_at);

-- Logins that are to link an identity to an account. A link means nothing any more once the login has a row.
CREATE TABLE saoma_pending_links (
    login_id TEXT PRIMARY KEY NOT NULL,
    account_id TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    prune_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX saoma_pending_links_prune_at ON saoma_pending_links (prune_at);

CREATE TABLE saoma_sessions (
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
CREATE UNIQUE INDEX saoma_sessions_login_id ON saoma_sessions (login_id);
CREATE UNIQUE INDEX saoma_sessions_token_hash ON saoma_sessions (token_hash);
CREATE INDEX saoma_sessions_account_id ON saoma_sessions (account_id);
CREATE INDEX saoma_sessions_prune_at ON saoma_sessions (prune_at);

-- One-time codes that were redeemed, as SHA-256, and by whom: the key decides who was the first.
CREATE TABLE saoma_one_time_codes (
    code BLOB PRIMARY KEY NOT NULL,
    redeemed_by BLOB NOT NULL,
    prune_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX saoma_one_time_codes_prune_at ON saoma_one_time_codes (prune_at);

-- Messages that the site's own system has not taken yet, and those that it took a while ago.
CREATE TABLE saoma_messages (
    id BLOB PRIMARY KEY NOT NULL,
    app TEXT NOT NULL,
    openid TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    query TEXT NOT NULL,
    content_type TEXT NOT NULL,
    body BLOB NOT NULL,
    tries INTEGER NOT NULL,
    -- Only while it waits.
    next_try_at INTEGER,
    prune_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX saoma_messages_next_try_at ON saoma_messages (next_try_at);
CREATE INDEX saoma_messages_openid ON saoma_messages (openid, app);
CREATE INDEX saoma_messages_prune_at ON saoma_messages (prune_at);

CREATE TABLE saoma_audit (
    id INTEGER PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    -- Empty where it is about no account.
    account_id TEXT NOT NULL,
    login_id TEXT,
    -- Who did it, where that was neither the account's owner nor the service.
    actor TEXT,
    -- From where, where that is known.
    ip TEXT,
    user_agent TEXT,
    -- How it ended, where it did not simply happen.
    outcome TEXT,
    detail TEXT,
    -- The place in the chain, and the chain's hash up to it; given within seconds after the commit.
    seq INTEGER,
    hash BLOB,
    -- A salted digest of where it came from, which the chain knows; the salt goes when the person is erased.
    client_salt BLOB,
    client_digest BLOB
) STRICT;
CREATE INDEX saoma_audit_account_id_at ON saoma_audit (account_id, at);
CREATE UNIQUE INDEX saoma_audit_seq ON saoma_audit (seq);
-- For what is about a login and no account, when its person is erased.
CREATE INDEX saoma_audit_login_id ON saoma_audit (login_id) WHERE account_id = '';
