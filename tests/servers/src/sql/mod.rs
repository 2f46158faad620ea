//! Servers of SQL.

mod mariadb;
mod postgres;
mod process;

pub use mariadb::MariaDb;
pub use postgres::Postgres;
pub use process::Error as SqlServerError;
