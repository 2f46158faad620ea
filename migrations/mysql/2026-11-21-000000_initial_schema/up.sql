-- Times are milliseconds since the Unix epoch. Keys compare byte by byte.
-- Foreign keys stand only between tables that grow with people. The tables that grow with logins have none, so
-- that each can be partitioned and pruned on its own.
-- There are no transactions around changes of the schema here: every statement can be run again, with its indexes
-- inside, so that a change that was cut off in the middle can be finished.

CREATE TABLE IF NOT EXISTS saoma_accounts (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    phone VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin,
    created_at BIGINT NOT NULL,
    disabled BOOLEAN NOT NULL,
    -- A login that was registered until then issues no session any more.
    sessions_ended_at BIGINT,
    -- When the person logged in last, give or take a day.
    last_seen_at BIGINT NOT NULL,
    -- The site's own id of the person.
    external_id VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin,
    -- What the site keeps with the account: a JSON object.
    attributes TEXT,
    disabled_reason TEXT,
    -- What the person chose for this site.
    nickname TEXT,
    avatar_url TEXT,
    PRIMARY KEY (id),
    UNIQUE KEY saoma_accounts_phone (phone),
    UNIQUE KEY saoma_accounts_external_id (external_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS saoma_identities (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    app VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    channel VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    openid VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Both or neither: a unionid is unique within its open-platform account.
    open_account VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    unionid VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin,
    account_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
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
    notice_until BIGINT,
    PRIMARY KEY (id),
    UNIQUE KEY saoma_identities_app_openid (app, openid),
    -- An account has one user of an app: this decides when two people bind one phone number at once.
    UNIQUE KEY saoma_identities_account_id_app (account_id, app),
    KEY saoma_identities_union (unionid, open_account),
    KEY saoma_identities_prune_at (prune_at),
    CONSTRAINT saoma_identities_account_id FOREIGN KEY (account_id) REFERENCES saoma_accounts (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- A login has a row as soon as something happened to it.
CREATE TABLE IF NOT EXISTS saoma_logins (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    version BIGINT NOT NULL,
    state VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Why it expired; only then.
    reason VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin,
    -- What its scan led to. Without an outcome there was no scan, and the columns of the scan are empty.
    outcome VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin,
    identity_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    account_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    -- Unregistered: until when a phone number may be bound. Registered: until when its session may be issued.
    deadline BIGINT,
    -- Since when it is registered or expired.
    since BIGINT,
    client_ip VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    client_user_agent TEXT,
    scanned_at BIGINT,
    proof VARBINARY(64),
    prune_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    -- Finds what an erased person scanned.
    KEY saoma_logins_identity_id (identity_id),
    KEY saoma_logins_prune_at (prune_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Logins that are to link an identity to an account. A link means nothing any more once the login has a row.
CREATE TABLE IF NOT EXISTS saoma_pending_links (
    login_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    account_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    asked_at BIGINT NOT NULL,
    prune_at BIGINT NOT NULL,
    PRIMARY KEY (login_id),
    KEY saoma_pending_links_prune_at (prune_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS saoma_sessions (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    login_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    token_hash VARBINARY(64) NOT NULL,
    account_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    ip VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_agent TEXT NOT NULL,
    ended_at BIGINT,
    prune_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY saoma_sessions_login_id (login_id),
    UNIQUE KEY saoma_sessions_token_hash (token_hash),
    KEY saoma_sessions_account_id (account_id),
    KEY saoma_sessions_prune_at (prune_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One-time codes that were redeemed, as SHA-256, and by whom: the key decides who was the first.
CREATE TABLE IF NOT EXISTS saoma_one_time_codes (
    code VARBINARY(64) NOT NULL,
    redeemed_by VARBINARY(64) NOT NULL,
    prune_at BIGINT NOT NULL,
    PRIMARY KEY (code),
    KEY saoma_one_time_codes_prune_at (prune_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Messages that the site's own system has not taken yet, and those that it took a while ago.
CREATE TABLE IF NOT EXISTS saoma_messages (
    id VARBINARY(64) NOT NULL,
    app VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    openid VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    received_at BIGINT NOT NULL,
    query TEXT NOT NULL,
    content_type TEXT NOT NULL,
    body MEDIUMBLOB NOT NULL,
    tries BIGINT NOT NULL,
    -- Only while it waits.
    next_try_at BIGINT,
    prune_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    KEY saoma_messages_next_try_at (next_try_at),
    KEY saoma_messages_openid (openid, app),
    KEY saoma_messages_prune_at (prune_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS saoma_audit (
    id BIGINT NOT NULL AUTO_INCREMENT,
    at BIGINT NOT NULL,
    kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Empty where it is about no account.
    account_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    login_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    -- Who did it, where that was neither the account's owner nor the service.
    actor VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    -- From where, where that is known.
    ip VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    user_agent TEXT,
    -- How it ended, where it did not simply happen.
    outcome VARCHAR(128),
    detail TEXT,
    -- The place in the chain, and the chain's hash up to it; given within seconds after the commit.
    seq BIGINT,
    hash VARBINARY(64),
    -- A salted digest of where it came from, which the chain knows; the salt goes when the person is erased.
    client_salt VARBINARY(64),
    client_digest VARBINARY(64),
    PRIMARY KEY (id),
    UNIQUE KEY saoma_audit_seq (seq),
    KEY saoma_audit_account_id_at (account_id, at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
