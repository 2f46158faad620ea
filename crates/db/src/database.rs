//! A database of any backend, opened by its URL.

use std::sync::Arc;

use async_trait::async_trait;
use saoma_domain::ports::{Accounts, AuditTrail, Health, Logins, Pruning, Sessions, StoreError};

use crate::ConnectError;

/// What a backend does: the ports, and the changes of its schema.
#[async_trait]
pub(crate) trait Backend: Logins + Accounts + Sessions + AuditTrail + Pruning + Health {
    async fn migrate(&self) -> Result<Vec<String>, StoreError>;
    async fn migrations_pending(&self) -> Result<Vec<String>, StoreError>;
    async fn revert(&self) -> Result<Vec<String>, StoreError>;
}

/// An open database; it implements every port that SQL serves, and clones share its connections.
#[derive(Clone)]
pub struct Database {
    pub(crate) backend: Arc<dyn Backend>,
}

impl Database {
    /// Opens the database that a URL names, and makes sure that it can be written.
    ///
    /// * `sqlite://<path>`: a file, made if there is none; the path is taken as it stands, relative or
    ///   absolute (`sqlite:///var/lib/saoma.db`).
    /// * `sqlite::memory:`: a database of its own that goes with the last clone.
    ///
    /// The schema is left as it is: see [`Database::migrate`]. All work runs on the Tokio runtime that this is
    /// called in; when that is a single-threaded one, it has to be driven for as long as the database is used.
    ///
    /// # Errors
    /// [`ConnectError`] says whether the URL is wrong, the file's directory is missing, or the file cannot be
    /// written.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        let (scheme, rest) = split(url)?;
        match scheme {
            #[cfg(feature = "sqlite")]
            "sqlite" => Ok(Self { backend: crate::sqlite::connect(rest).await? }),
            _ => Err(ConnectError::UnknownScheme { scheme: scheme.to_owned() }),
        }
    }

    /// Brings the schema up to what this build knows and returns the names of the changes that were made.
    ///
    /// Any number of processes may do so at once.
    ///
    /// # Errors
    /// [`StoreError`] when a change failed; then none of them was made.
    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        self.backend.migrate().await
    }

    /// Returns the names of the changes that [`Database::migrate`] would make, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database did not say.
    pub async fn migrations_pending(&self) -> Result<Vec<String>, StoreError> {
        self.backend.migrations_pending().await
    }

    /// Takes every change of the schema back, **with all that the tables hold**, and returns the names of the
    /// changes, the youngest first. For tests, and for trying a new change's way back.
    ///
    /// # Errors
    /// [`StoreError`] when a change could not be taken back; then none of them was.
    pub async fn revert_migrations(&self) -> Result<Vec<String>, StoreError> {
        self.backend.revert().await
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
