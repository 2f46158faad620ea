//! Throw-away servers that Saoma's tests run against.
//!
//! Each lives in a temporary directory, listens on a free port of the loopback interface, and is gone with its
//! value; nothing of a server that the machine itself runs is touched. The programs come from the
//! distribution's packages, and a missing one is named together with its package.
//!
//! The binary starts several for the length of a command:
//!
//! ```text
//! saoma-servers exec --with postgres,mariadb -- cargo test -p saoma-db
//! ```

mod mariadb;
mod postgres;
mod process;

pub use mariadb::MariaDb;
pub use postgres::Postgres;
pub use process::Error;
