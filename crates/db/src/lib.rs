//! Saoma's truth in SQL: accounts, identities, the outcomes of logins, sessions, claimed codes and the audit
//! trail.
//!
//! [`Database::connect`] opens one by its URL, and a [`Database`] implements the ports [`Logins`],
//! [`Accounts`], [`Sessions`], [`OneTimeCodes`], [`AuditTrail`], [`Pruning`] and [`Health`].
//!
//! # How the truth is kept
//!
//! * Every method that changes something is one transaction: effect and audit entry are there together or not
//!   at all.
//! * What may happen to a login is decided by the domain's state machine and by nothing in here. A change is
//!   written only where the row still has the version that was read.
//! * Keys decide races: one identity for an app and openid, one account for a phone number, one user of an app
//!   for an account, one session for a login, one claimant for a code. Whoever loses a race, meets a lock or is picked as a deadlock's
//!   victim starts the whole transaction over, up to three times, and then finds what the winner wrote.
//! * Rows are turned back into the domain's types column by column. What no version of this crate could have
//!   written is [`StoreError::Corrupt`], naming table, column and row.
//! * Everything runs to its end in a task of its own, whatever happens to the caller. A caller waits at most
//!   half a second for its turn to write, as long for a connection when all are busy, a second for one that
//!   has to be opened, and a second for a lock that somebody else holds, and then gets
//!   [`StoreError::Unavailable`]. A server that has not answered an attempt within two seconds is given up.
//! * A connection that was cut is replaced, together with those that lie unused beside it, and the unit of
//!   work starts over: a restart of the server between two calls is not noticed.
//!
//! # What is durable when
//!
//! When a method returns `Ok`, what it did has been committed. In a SQLite file it has reached the disk then:
//! it survives a killed process and a power cut. A server promises that unless it was set up not to
//! (`synchronous_commit`, `fsync`, `innodb_flush_log_at_trx_commit`), and whether it survives the loss of the
//! server's machine is a matter of how that is copied. When a method returns an error, it is unknown whether
//! something was committed, and asking again gives the right answer. `sqlite::memory:` keeps nothing.
//!
//! Session tokens and codes never reach this crate, only SHA-256 and HMAC values of them.
//!
//! Rows of logins go a day after the login's last deadline, those of ended sessions a day after their end.
//! Sessions that nobody ended go 400 days after their last use, since the database does not know how long
//! they live; idle times have to be shorter than that. Identities that never got an account go with the last
//! login that needs them, and those that were taken from theirs after a day. OneTimeCodes go when their time is over.
//!
//! A login has no row until something happened to it, but for one that is to add an identity to an account: that
//! one has a row in the state `loop`, and taking its scan costs no more statements than any other.
//!
//! # To change the schema
//!
//! Add a folder `migrations/<backend>/<date>-<number>_<what>/` with `up.sql` and `down.sql` for every backend,
//! and change `schema.rs` and `rows/` to match. Old
//! and new nodes run side by side while a service is upgraded, so a change that takes something away comes in
//! two releases: the first one **expands** (new columns may be null or have a default, and the code no longer
//! reads the old ones), the next one **contracts** (drops what no running node uses). A column is never
//! renamed and never changes its meaning.
//!
//! MySQL and MariaDB have no transactions around such changes: there every statement has to be one that can
//! be run again (`IF NOT EXISTS`), so that a change that was cut off can be finished.
//!
//! # To add a backend
//!
//! Only the types of Diesel and a few small things differ, so the ports are written once, in `repository/`, and
//! compiled into each backend's module. A new one is a module like `postgres/` that
//! 1. mounts `repository/` and gives it what that names: how a transaction begins (READ COMMITTED or
//!    stricter), how a row is held, what its driver's errors mean, and how much is pruned at a time,
//! 2. opens a pool from a URL, and implements the crate's trait `Schema`,
//! 3. has its folder of migrations, with text that compares byte by byte,
//! 4. is a feature, an arm in [`Database::connect`] and a test target that runs the same suite and cases.
//!
//! [`Logins`]: saoma_domain::ports::Logins
//! [`Accounts`]: saoma_domain::ports::Accounts
//! [`Sessions`]: saoma_domain::ports::Sessions
//! [`OneTimeCodes`]: saoma_domain::ports::OneTimeCodes
//! [`AuditTrail`]: saoma_domain::ports::AuditTrail
//! [`Pruning`]: saoma_domain::ports::Pruning
//! [`Health`]: saoma_domain::ports::Health
//! [`StoreError::Corrupt`]: saoma_domain::ports::StoreError::Corrupt
//! [`StoreError::Unavailable`]: saoma_domain::ports::StoreError::Unavailable

#[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")))]
compile_error!("choose at least one backend by its feature: sqlite, postgres, mysql");

mod backoff;
mod columns;
mod database;
mod error;
mod failure;
mod migrations;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
mod schema;
#[cfg(feature = "_server")]
mod server;
#[cfg(feature = "sqlite")]
mod sqlite;

pub use database::{Database, connect};
pub use error::ConnectError;
pub use migrations::Migrations;
#[cfg(feature = "mysql")]
pub use mysql::MysqlStore;
#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;

/// The schemes of the URLs that this build can open.
const SCHEMES: &[&str] = &[
    #[cfg(feature = "sqlite")]
    "sqlite",
    #[cfg(feature = "postgres")]
    "postgres",
    #[cfg(feature = "mysql")]
    "mysql",
];
