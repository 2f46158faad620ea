-- Times are milliseconds since the Unix epoch. Keys compare byte by byte.
-- Foreign keys stand only between tables that grow with people. The tables that grow with logins have none, so
-- that each can be partitioned and pruned on its own.

CREATE TABLE saoma_accounts (
    id TEXT COLLATE "C" PRIMARY KEY,
    phone TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    disabled BOOLEAN NOT NULL,
    -- A login that was registered until then issues no session any more.
    sessions_ended_at BIGINT,
    -- When the person logged in last, give or take a day.
    last_seen_at BIGINT NOT NULL,
    -- The site's own id of the person.
    external_id TEXT COLLATE "C",
    -- What the site keeps with the account: a JSON object.
    attributes TEXT,
    disabled_reason TEXT,
    -- What the person chose for this site.
    nickname TEXT,
    avatar_url TEXT
);
CREATE UNIQUE INDEX saoma_accounts_phone ON saoma_accounts (phone);
CREATE UNIQUE INDEX saoma_accounts_external_id ON saoma_accounts (external_id);

CREATE TABLE saoma_identities (
    id TEXT COLLATE "C" PRIMARY KEY,
    app TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    openid TEXT COLLATE "C" NOT NULL,
    -- Both or neither: a unionid is unique within its open-platform account.
    open_account TEXT COLLATE "C",
    unionid TEXT COLLATE "C",
    account_id TEXT COLLATE "C" REFERENCES saoma_accounts (id),
    nickname TEXT,
    avatar_url TEXT,
    created_at BIGINT NOT NULL,
    linked_at BIGINT,
    unsubscribed_at BIGINT,
    -- Only while the identity is not linked to an account.
    prune_at BIGINT,
    -- Until when it may not change the ways into its account: it came by the number alone.
    probation_until BIGINT,
    -- Until when its person is to be told of an identity that came by the number alone.
    notice_until BIGINT
);
CREATE UNIQUE INDEX saoma_identities_app_openid ON saoma_identities (app, openid);
-- An account has one user of an app: this decides when two people bind one phone number at once.
CREATE UNIQUE INDEX saoma_identities_account_id_app ON saoma_identities (account_id, app);
CREATE INDEX saoma_identities_union ON saoma_identities (unionid, open_account);
CREATE INDEX saoma_identities_prune_at ON saoma_identities (prune_at);

-- A login has a row as soon as something happened to it.
CREATE TABLE saoma_logins (
    id TEXT COLLATE "C" PRIMARY KEY,
    version BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    -- Why it expired; only then.
    reason TEXT COLLATE "C",
    -- What its scan led to. Without an outcome there was no scan, and the columns of the scan are empty.
    outcome TEXT COLLATE "C",
    identity_id TEXT COLLATE "C",
    account_id TEXT COLLATE "C",
    -- Unregistered: until when a phone number may be bound. Registered: until when its session may be issued.
    deadline BIGINT,
    -- Since when it is registered or expired.
    since BIGINT,
    client_ip TEXT COLLATE "C",
    client_user_agent TEXT,
    scanned_at BIGINT,
    proof BYTEA,
    prune_at BIGINT NOT NULL
);
-- Finds what an erased person scanned.
CREATE INDEX saoma_logins_identity_id ON saoma_logins (identity_id);
CREATE INDEX saoma_logins_prune_at ON saoma_logins (prune_at);

-- Logins that are to link an identity to an account. A link means nothing any more once the login has a row.
CREATE TABLE saoma_pending_links (
    login_id TEXT COLLATE "C" PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL,
    asked_at BIGINT NOT NULL,
    prune_at BIGINT NOT NULL
);
CREATE INDEX saoma_pending_links_prune_at ON saoma_pending_links (prune_at);

CREATE TABLE saoma_sessions (
    id TEXT COLLATE "C" PRIMARY KEY,
    login_id TEXT COLLATE "C" NOT NULL,
    token_hash BYTEA NOT NULL,
    account_id TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    ip TEXT COLLATE "C" NOT NULL,
    user_agent TEXT NOT NULL,
    ended_at BIGINT,
    prune_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX saoma_sessions_login_id ON saoma_sessions (login_id);
CREATE UNIQUE INDEX saoma_sessions_token_hash ON saoma_sessions (token_hash);
CREATE INDEX saoma_sessions_account_id ON saoma_sessions (account_id);
CREATE INDEX saoma_sessions_prune_at ON saoma_sessions (prune_at);

-- One-time codes that were redeemed, as SHA-256, and by whom: the key decides who was the first.
CREATE TABLE saoma_one_time_codes (
    code BYTEA PRIMARY KEY,
    redeemed_by BYTEA NOT NULL,
    prune_at BIGINT NOT NULL
);
CREATE INDEX saoma_one_time_codes_prune_at ON saoma_one_time_codes (prune_at);

-- Messages that the site's own system has not taken yet, and those that it took a while ago.
CREATE TABLE saoma_messages (
    id BYTEA PRIMARY KEY,
    app TEXT COLLATE "C" NOT NULL,
    openid TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    query TEXT COLLATE "C" NOT NULL,
    content_type TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    tries BIGINT NOT NULL,
    -- Only while it waits.
    next_try_at BIGINT,
    prune_at BIGINT NOT NULL
);
CREATE INDEX saoma_messages_next_try_at ON saoma_messages (next_try_at);
CREATE INDEX saoma_messages_openid ON saoma_messages (openid, app);
CREATE INDEX saoma_messages_prune_at ON saoma_messages (prune_at);

CREATE TABLE saoma_audit (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    -- Empty where it is about no account.
    account_id TEXT COLLATE "C" NOT NULL,
    login_id TEXT COLLATE "C",
    -- Who did it, where that was neither the account's owner nor the service.
    actor TEXT COLLATE "C",
    -- From where, where that is known.
    ip TEXT COLLATE "C",
    user_agent TEXT COLLATE "C",
    -- How it ended, where it did not simply happen.
    outcome TEXT COLLATE "C",
    detail TEXT COLLATE "C",
    -- The place in the chain, and the chain's hash up to it; given within seconds after the commit.
    seq BIGINT,
    hash BYTEA,
    -- A salted digest of where it came from, which the chain knows; the salt goes when the person is erased.
    client_salt BYTEA,
    client_digest BYTEA
);
CREATE INDEX saoma_audit_account_id_at ON saoma_audit (account_id, at);
CREATE UNIQUE INDEX saoma_audit_seq ON saoma_audit (seq);
-- For what is about a login and no account, when its person is erased.
CREATE INDEX saoma_audit_login_id ON saoma_audit (login_id) WHERE account_id = '';
