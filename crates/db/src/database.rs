//! A database of any backend, opened by its URL.

use std::sync::Arc;

use async_trait::async_trait;
use saoma_domain::ports::{
    Accounts, AuditTrail, Health, Logins, OneTimeCodes, Pruning, Sessions, StoreError,
};

use crate::{ConnectError, migrating::Step};

/// What a backend does for the service: all the ports.
pub(crate) trait Backend:
    Logins + Accounts + Sessions + OneTimeCodes + AuditTrail + Pruning + Health
{
}

impl<B: Logins + Accounts + Sessions + OneTimeCodes + AuditTrail + Pruning + Health> Backend for B {}

/// What changes the schema.
#[async_trait]
pub(crate) trait Schema: Send + Sync {
    /// Does a step when it is this process's turn, and returns the names of the changes.
    async fn change(&self, step: Step) -> Result<Vec<String>, StoreError>;
}

/// An open database; it implements every port that SQL serves, and clones share its connections.
#[derive(Clone)]
pub struct Database {
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) schema: Arc<dyn Schema>,
}

impl Database {
    /// Opens the database that a URL names, and makes sure that it can be written.
    ///
    /// * `sqlite://<path>`: a file, made if there is none; the path is taken as it stands, relative or
    ///   absolute (`sqlite:///var/lib/saoma.db`).
    /// * `sqlite::memory:`: a database of its own that goes with the last clone.
    /// * `postgres://<user>:<password>@<host>:<port>/<database>?<parameters>`: a database on a PostgreSQL
    ///   server; the port is 5432 unless the URL says otherwise.
    /// * `mysql://…`: the same on a MySQL or MariaDB server; the port is 3306.
    ///
    /// What is special in a name or password is percent-encoded, and so is the path of a socket, which may
    /// stand for the host (`%2Frun%2Fpostgresql` is a directory, `%2Frun%2Fmysqld%2Fmysqld.sock` a socket).
    /// The parameters are
    /// * `sslmode`: `disable` for no TLS; `prefer` for TLS when the server has it, which helps against
    ///   listeners only; `require`, or `verify-full`, for TLS always. Wherever there is TLS, the server's
    ///   certificate has to be valid for the host of the URL. Without the parameter it is `disable` for
    ///   sockets and loopback addresses and `require` for all others.
    /// * `sslrootcert`: a file of PEM certificates that are trusted instead of the system's.
    /// * `connections`: how many connections are kept at the most, 16 by default.
    ///
    /// The schema is left as it is: see [`Database::migrate`]. All work runs on the Tokio runtime that this is
    /// called in; when that is a single-threaded one, it has to be driven for as long as the database is used.
    ///
    /// # Errors
    /// [`ConnectError`] says whether the URL is wrong, the file's directory is missing, the file cannot be
    /// written, or the server gave no connection.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        #[cfg_attr(not(feature = "sqlite"), expect(unused_variables, reason = "servers read whole URLs"))]
        let (scheme, rest) = split(url)?;
        match scheme {
            #[cfg(feature = "sqlite")]
            "sqlite" => crate::sqlite::connect(rest).await,
            #[cfg(feature = "postgres")]
            "postgres" | "postgresql" => crate::postgres::connect(url).await,
            #[cfg(feature = "mysql")]
            "mysql" | "mariadb" => crate::mysql::connect(url).await,
            _ => Err(ConnectError::UnknownScheme { scheme: scheme.to_owned() }),
        }
    }

    /// Brings the schema up to what this build knows and returns the names of the changes that were made.
    ///
    /// Any number of processes may do so at once; each waits for its turn, a minute at the most.
    ///
    /// # Errors
    /// [`StoreError`] when a change failed. Then none of them was made, but for MySQL and MariaDB, which know
    /// no transactions around such changes: there the next call goes on where this one stopped.
    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        self.schema.change(Step::Up).await
    }

    /// Returns the names of the changes that [`Database::migrate`] would make, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database did not say.
    pub async fn migrations_pending(&self) -> Result<Vec<String>, StoreError> {
        self.schema.change(Step::Pending).await
    }

    /// Takes every change of the schema back, **with all that the tables hold**, and returns the names of the
    /// changes, the youngest first. For tests, and for trying a new change's way back.
    ///
    /// # Errors
    /// [`StoreError`] when a change could not be taken back; then none of them was, with the exception that
    /// [`Database::migrate`] names.
    pub async fn revert_migrations(&self) -> Result<Vec<String>, StoreError> {
        self.schema.change(Step::Down).await
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Database")
    }
}

/// Splits a URL at the colon after its scheme. What has no proper scheme is not shown: it may be a password.
fn split(url: &str) -> Result<(&str, &str), ConnectError> {
    const NO_SCHEME: ConnectError =
        ConnectError::InvalidUrl("it has to begin with a scheme, such as sqlite:");
    let (scheme, rest) = url.split_once(':').ok_or(NO_SCHEME)?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+-.".contains(&b));
    if is_scheme { Ok((scheme, rest)) } else { Err(NO_SCHEME) }
}
