//! What a Redis says about itself, for those who set it up.

use saoma_domain::ports::StoreError;

use crate::{connection::Request, store::RedisStore};

/// What a Redis says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisFacts {
    /// Its version, such as `7.2.4`.
    pub version: String,
    /// What it removes where memory is short (`maxmemory-policy`).
    pub eviction: String,
    /// Whether it writes its data to a disk as they change.
    pub persists: bool,
}

impl RedisStore {
    /// Asks the server for its version and settings (`INFO`). A Cluster has many servers and is not asked.
    ///
    /// # Errors
    /// [`StoreError`] when it gave no answer that can be used.
    pub async fn facts(&self) -> Result<RedisFacts, StoreError> {
        let info: String = self.connection.ask(&Request::command("INFO")).await?;
        Ok(read(&info))
    }
}

fn read(info: &str) -> RedisFacts {
    let value = |name: &str| {
        let found = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        found.unwrap_or_default().trim().to_owned()
    };
    let saves =
        value("aof_enabled") == "1" || value("rdb_last_save_time").parse().is_ok_and(|at: u64| at > 0);
    RedisFacts { version: value("redis_version"), eviction: value("maxmemory_policy"), persists: saves }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_info_says_is_read() {
        let info = "# Server\r\nredis_version:7.2.4\r\n# Memory\r\nmaxmemory_policy:allkeys-lru\r\naof_enabled:1\r\n";
        let facts =
            RedisFacts { version: "7.2.4".to_owned(), eviction: "allkeys-lru".to_owned(), persists: true };
        assert_eq!(read(info), facts);
        assert!(!read("aof_enabled:0").persists);
    }
}
