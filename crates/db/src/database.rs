//! A database of any backend, opened by its URL.

use std::{fmt::Debug, path::PathBuf, sync::Arc};

use saoma_domain::ports::{
    Accounts, AppProfiles, AuditTrail, Funnel, Grants, Health, Journal, Logins, Merges, MessageQueue,
    OneTimeCodes, Outbox, People, Pruning, Sessions, SigningKeys,
};

use crate::{error::ConnectError, migrations::Migrations};

/// An open database: every port that SQL serves, and the changes of its schema.
///
/// An `Arc<dyn Database>` coerces to an `Arc` of each of these ports.
pub trait Database:
    Logins
    + Accounts
    + Sessions
    + OneTimeCodes
    + People
    + AppProfiles
    + Merges
    + Grants
    + MessageQueue
    + Outbox
    + Journal
    + Funnel
    + AuditTrail
    + SigningKeys
    + Pruning
    + Health
    + Migrations
    + Debug
{
}

impl<D> Database for D where
    D: Logins
        + Accounts
        + Sessions
        + OneTimeCodes
        + People
        + AppProfiles
        + Merges
        + Grants
        + MessageQueue
        + Outbox
        + Outbox
        + Journal
        + Funnel
        + AuditTrail
        + SigningKeys
        + Pruning
        + Health
        + Migrations
        + Debug
{
}

/// Opens the database that a URL names, and makes sure that it can be written.
///
/// * `sqlite://<path>`: a file, made if there is none; the path is taken as it stands, relative or absolute
///   (`sqlite:///var/lib/saoma.db`).
/// * `sqlite::memory:`: a database of its own that goes with the last clone.
/// * `postgres://<user>:<password>@<host>:<port>/<database>?<parameters>`: a database on a PostgreSQL server; the
///   port is 5432 unless the URL says otherwise.
/// * `mysql://…`: the same on a MySQL or MariaDB server; the port is 3306.
///
/// What is special in a name or password is percent-encoded, and so is the path of a socket, which may stand for
/// the host (`%2Frun%2Fpostgresql` is a directory, `%2Frun%2Fmysqld%2Fmysqld.sock` a socket). The parameters are
/// * `sslmode`: `disable` for no TLS; `prefer` for TLS when the server has it, which helps against listeners only;
///   `require`, or `verify-full`, for TLS always. Wherever there is TLS, the server's certificate has to be valid
///   for the host of the URL. Without the parameter it is `disable` for sockets and loopback addresses and
///   `require` for all others.
/// * `sslrootcert`: a file of PEM certificates that are trusted instead of the system's.
/// * `connections`: how many connections are kept at the most, 16 by default.
/// * `schema`, with PostgreSQL: the schema that the tables are in. It is made where the role may make it; it is the whole search
///   path of the connections.
///
/// The schema is left as it is: see [`Migrations::migrate`]. SQLite works on threads of its own, and closes its file
/// when the last clone is dropped. All other work runs on the Tokio runtime that this is called in; when that is a
/// single-threaded one, it has to be driven for as long as the database is used.
///
/// # Errors
/// [`ConnectError`] says whether the URL is wrong, the file's directory is missing, the file cannot be written, or
/// the server gave no connection.
///
/// # Panics
/// Outside of a Tokio runtime.
pub async fn connect(url: &str) -> Result<Arc<dyn Database>, ConnectError> {
    match scheme(url)? {
        #[cfg(feature = "sqlite")]
        "sqlite" => Ok(Arc::new(crate::sqlite::SqliteStore::connect(url).await?)),
        #[cfg(feature = "postgres")]
        "postgres" | "postgresql" => Ok(Arc::new(crate::postgres::PostgresStore::connect(url).await?)),
        #[cfg(feature = "mysql")]
        "mysql" | "mariadb" => Ok(Arc::new(crate::mysql::MysqlStore::connect(url).await?)),
        scheme => Err(ConnectError::UnknownScheme { scheme: scheme.to_owned() }),
    }
}

/// Returns what an operator has to set because of what stands between the service and its database; `None` where nothing
/// does. Opens two connections and changes nothing.
///
/// # Errors
/// [`ConnectError`] when the service cannot work there, with what to set; or as [`connect`].
pub async fn advice(url: &str) -> Result<Option<&'static str>, ConnectError> {
    match scheme(url)? {
        #[cfg(feature = "postgres")]
        "postgres" | "postgresql" => crate::postgres::advice(url).await,
        _ => Ok(None),
    }
}

/// Returns the file of an SQLite database where every user of this machine may read it. One that [`connect`] makes is
/// readable by the service's user alone; one that was there before keeps its mode.
pub fn readable_by_others(url: &str) -> Option<PathBuf> {
    match scheme(url) {
        #[cfg(feature = "sqlite")]
        Ok("sqlite") => crate::sqlite::readable_by_others(url),
        Ok(_) | Err(_) => None,
    }
}

/// Returns what stands before the first colon of a URL. What is no proper scheme is not shown: it may be a password.
fn scheme(url: &str) -> Result<&str, ConnectError> {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_lowercase())
            && scheme.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+-.".contains(&b))
    };
    match url.split_once(':') {
        Some((scheme, _)) if is_scheme(scheme) => Ok(scheme),
        Some(_) | None => {
            Err(ConnectError::InvalidUrl("it has to begin with a scheme, such as sqlite: or postgres:"))
        }
    }
}
