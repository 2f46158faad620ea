//! Saoma's rows in SQL: accounts, identities, logins, sessions, redeemed one-time codes, what waits to be told, the journal, the
//! funnel and the audit trail.
//!
//! | module | holds |
//! | --- | --- |
//! | `database` | [`connect`] by a URL, and [`Database`]: every port that SQL serves |
//! | `tables` | row operations, one file a table; compiled once for each backend |
//! | `columns` | the columns of each table, and their way to and from the rows of the domain |
//! | `schema` | the tables as Diesel knows them |
//! | `migrations` | [`Migrations`]: the changes of the schema; their statements stand in the folder `migrations/` |
//! | `sqlite`, `postgres`, `mysql` | what differs: opening connections, beginning transactions, what errors mean |
//! | `sqlite` | also the store that runs rules: threads that own their connections, and group commit |
//! | `server` | what the backends with a server share: address, TLS, pool, and the store that runs rules |
//! | `failure`, `backoff` | why an attempt failed, and when there is another one |
//! | `error` | [`ConnectError`] |
//!
//! No file has a rule. What happens to rows is decided in `saoma_domain::rules`, and the ports come from the
//! domain's blanket implementations over [`Transactions`]. What can be relied on says the README.
//!
//! # To add a column or a table
//!
//! 1. In the domain: the row, its operations and the rule (`saoma_domain::rules`).
//! 2. A folder `migrations/<backend>/<date>-<number>_<what>/` with `up.sql` and `down.sql` for every backend, and
//!    its name in the list of `migrations.rs`.
//! 3. `schema.rs`, a file in `columns/`, and a file in `tables/` that implements the operations.
//! 4. The number of statements of the rule in `tests/statements/`.
//!
//! Old and new nodes run side by side while a service is upgraded. So a change that takes something away comes in
//! two releases: the first one **expands** (new columns may be null or have a default, and the code no longer reads
//! the old ones), the next one **contracts** (drops what no running node uses). A column is never renamed and never
//! changes its meaning.
//!
//! MySQL and MariaDB have no transactions around such changes: there every statement has to be one that can be run
//! again (`IF NOT EXISTS`), so that a change that was cut off can be finished.
//!
//! # To add a backend
//!
//! Diesel's types name the backend, so `tables/` is written once and compiled into each backend's module. A new one
//! is a module like `postgres/` that
//! 1. mounts `tables/` and gives it what its `mod.rs` lists, and `server/store.rs`: how a transaction begins (READ
//!    COMMITTED or stricter), how a row is locked, and what its driver's errors mean,
//! 2. opens a pool from a URL,
//! 3. has its folder of migrations, with text that compares byte by byte, and lets one node after the other make
//!    them,
//! 4. is a feature, an arm in [`connect`] and a test target that runs the same suites and cases.
//!
//! [`Transactions`]: saoma_domain::rules::Transactions

#![deny(missing_docs)]

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod backoff;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod columns;
mod database;
mod error;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod failure;
mod migrations;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod schema;
#[cfg(feature = "_server")]
mod server;
#[cfg(feature = "sqlite")]
mod sqlite;
mod times;

pub use database::{Database, advice, connect, readable_by_others};
pub use error::ConnectError;
pub use migrations::{Migrations, Step, latest_migration};
#[cfg(feature = "mysql")]
pub use mysql::MysqlStore;
#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
