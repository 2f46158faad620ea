-- Times are milliseconds since the Unix epoch. Keys compare byte by byte.
-- Foreign keys stand only between tables that grow with people; the tables that grow with logins have
-- none, so that they can be partitioned and pruned each on its own.
-- There are no transactions around changes of the schema here: every statement can be run again, with its
-- indexes inside, so that a change that was cut off in the middle can be finished.

CREATE TABLE IF NOT EXISTS accounts (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    phone VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at BIGINT NOT NULL,
    disabled BOOLEAN NOT NULL,
    sessions_ended_at BIGINT,
    PRIMARY KEY (id),
    UNIQUE KEY accounts_phone (phone)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS identities (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    app VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    channel VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    openid VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    unionid VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin,
    account_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    nickname TEXT,
    avatar_url TEXT,
    created_at BIGINT NOT NULL,
    linked_at BIGINT,
    prune_at BIGINT,
    PRIMARY KEY (id),
    UNIQUE KEY identities_app_openid (app, openid),
    -- One user of an app per account: this is what "phone_taken" rests on when two people race.
    UNIQUE KEY identities_account_id_app (account_id, app),
    KEY identities_unionid (unionid),
    KEY identities_prune_at (prune_at),
    CONSTRAINT identities_account_id FOREIGN KEY (account_id) REFERENCES accounts (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS logins (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    version BIGINT NOT NULL,
    state VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reason VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin,
    identity_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    account_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    deadline BIGINT,
    since BIGINT,
    app VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    scan_known BOOLEAN,
    asked_ip VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    asked_browser TEXT,
    scanned_at BIGINT,
    proof VARBINARY(64),
    prune_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    KEY logins_prune_at (prune_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS sessions (
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
    UNIQUE KEY sessions_login_id (login_id),
    UNIQUE KEY sessions_token_hash (token_hash),
    KEY sessions_account_id (account_id),
    KEY sessions_prune_at (prune_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS audit (
    id BIGINT NOT NULL AUTO_INCREMENT,
    at BIGINT NOT NULL,
    kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    account_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    login_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    PRIMARY KEY (id),
    KEY audit_account_id (account_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
