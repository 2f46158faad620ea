//! The servers that a service stands beside.

use std::{path::Path, time::Duration};

use saoma_servers::{Postgres, RedisServer};

use crate::{
    product::{Product, Urls},
    rows::Database,
    wechat,
};

/// Beside which stores a service is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    /// In the process, and SQLite on disk.
    Embedded,
    /// Redis and PostgreSQL.
    Servers,
}

impl Beside {
    pub(crate) const BOTH: [Self; 2] = [Self::Embedded, Self::Servers];

    /// Returns what the stores are called in a table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Embedded => "memory+SQLite",
            Self::Servers => "Redis+PostgreSQL",
        }
    }
}

/// A Redis, a PostgreSQL that writes to its disk as it does in earnest, and a WeChat that costs little.
pub(crate) struct Stores {
    pub(crate) redis: RedisServer,
    pub(crate) postgres: Postgres,
    wechat: String,
}

impl Stores {
    pub(crate) async fn start() -> Self {
        Self::with_slow_wechat(Duration::ZERO).await
    }

    /// Starts them with a WeChat that takes its time.
    pub(crate) async fn with_slow_wechat(delay: Duration) -> Self {
        let in_earnest = ["fsync=on", "full_page_writes=on", "shared_buffers=256MB", "max_wal_size=4GB"];
        Self {
            redis: RedisServer::start(&[]).unwrap(),
            postgres: Postgres::start_with(&in_earnest, &[]).unwrap(),
            wechat: format!("http://{}", wechat::serve(delay).await),
        }
    }

    /// Returns where a service finds its stores.
    pub(crate) fn urls(&self, beside: Beside) -> Urls {
        let (store, database) = match beside {
            Beside::Embedded => ("memory://".to_owned(), None),
            Beside::Servers => (self.redis.url(), Some(self.postgres.url("saoma"))),
        };
        Urls { store, database, wechat: self.wechat.clone() }
    }

    /// Starts a service and gives it so many persons who have an account.
    pub(crate) async fn product(&self, program: &Path, beside: Beside, persons: u64) -> (Product, Database) {
        self.product_with(program, beside, persons, &[]).await
    }

    /// The same with further keys of its configuration.
    pub(crate) async fn product_with(
        &self,
        program: &Path,
        beside: Beside,
        persons: u64,
        more: &[(&str, &str)],
    ) -> (Product, Database) {
        let product = Product::start(program, &self.urls(beside), more).await;
        let database = match beside {
            Beside::Embedded => Database::sqlite(&product.sqlite()),
            Beside::Servers => Database::postgres(&self.postgres.url("saoma")).await,
        };
        database.add_persons(0..persons).await;
        (product, database)
    }
}
