-- What a WeChat app knows of the person of an identity besides name and picture. It goes with the identity.
CREATE TABLE IF NOT EXISTS saoma_app_profiles (
    identity_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subscribed_at BIGINT,
    scene TEXT,
    remark TEXT,
    -- Ids, separated by blanks.
    tags TEXT NOT NULL,
    language TEXT,
    sex BIGINT,
    province TEXT,
    city TEXT,
    country TEXT,
    -- When it was read last, or a node took it upon itself; 0 where it never was.
    refreshed_at BIGINT NOT NULL,
    -- WeChat's refresh token, sealed, and until when WeChat takes it: both or neither.
    refresh_token VARBINARY(2048),
    refresh_until BIGINT,
    PRIMARY KEY (identity_id),
    CONSTRAINT saoma_app_profiles_identity_id FOREIGN KEY (identity_id) REFERENCES saoma_identities (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
