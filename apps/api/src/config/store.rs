//! The sections `[store]` and `[database]`.

use secrecy::{ExposeSecret, SecretString};

use super::section::Section;

/// Where the caches, counters and other data that may vanish are kept.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// `memory://`, or the URL of a Redis.
    pub url: SecretString,
    /// The prefix of all keys in Redis.
    pub key_prefix: String,
}

/// Where everything is kept that must not be lost.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// `sqlite://path`, `sqlite::memory:`, `postgres://…` or `mysql://…`.
    pub url: SecretString,
}

pub(super) fn read_store(section: &mut Section<'_>) -> Option<StoreConfig> {
    let url = section.secret("url").unwrap_or_else(|| "memory://".into());
    let key_prefix = section.text("key_prefix").unwrap_or_else(|| "saoma:".to_owned());
    let scheme = url.expose_secret().split_once("://").map_or("", |(scheme, _)| scheme);
    let is_redis =
        ["redis", "redis+sentinel", "redis+cluster"].contains(&scheme.replace("rediss", "redis").as_str());
    if url.expose_secret() != "memory://" && !is_redis {
        section.problem(
            "url",
            "expected memory://, redis://, redis+sentinel:// or redis+cluster://, or rediss for TLS",
        );
        return None;
    }
    Some(StoreConfig { url, key_prefix })
}

pub(super) fn read_database(section: &mut Section<'_>) -> Option<DatabaseConfig> {
    let url = section.secret("url").unwrap_or_else(|| "sqlite://saoma.db".into());
    let known = ["sqlite://", "sqlite::memory:", "postgres://", "postgresql://", "mysql://", "mariadb://"];
    if !known.iter().any(|scheme| url.expose_secret().starts_with(scheme)) {
        section.problem("url", "expected sqlite://path, sqlite::memory:, postgres:// or mysql://");
        return None;
    }
    Some(DatabaseConfig { url })
}
