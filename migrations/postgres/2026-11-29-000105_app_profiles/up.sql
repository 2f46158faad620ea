-- What a WeChat app knows of the person of an identity besides name and picture. It goes with the identity.
CREATE TABLE saoma_app_profiles (
    identity_id TEXT COLLATE "C" PRIMARY KEY REFERENCES saoma_identities (id) ON DELETE CASCADE,
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
    refresh_token BYTEA,
    refresh_until BIGINT
);
