//! Servers of SQL.

mod engine;
mod mariadb;
mod pgbouncer;
mod postgres;

use crate::server::Server;
pub use engine::SqlEngine;
pub use mariadb::MariaDbEngine;
pub use pgbouncer::PgBouncerEngine;
pub use postgres::PostgresEngine;

/// A PostgreSQL server, with the database `saoma` and a user of that name who may do everything and needs no
/// password.
pub type Postgres = Server<PostgresEngine>;

/// A MariaDB server, with the database `saoma` and a user of that name and password who may do everything.
pub type MariaDb = Server<MariaDbEngine>;

/// A PgBouncer in transaction mode before a PostgreSQL server.
pub type PgBouncer = Server<PgBouncerEngine>;
