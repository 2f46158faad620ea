//! Why a database could not be opened.

use std::path::PathBuf;

/// Why [`connect`](crate::connect) gave no database; the texts never show a password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL is of no known form.
    #[error("the database URL cannot be read: {0}")]
    InvalidUrl(&'static str),
    /// The URL is for a database that this build does not know.
    #[error("no database is known for the scheme `{scheme}`; this build knows {known}", known = crate::SCHEMES.join(", "))]
    UnknownScheme {
        /// What stands before the first colon.
        scheme: String,
    },
    /// The directory of the database file does not exist.
    #[error("database file: the directory {} does not exist", path.display())]
    DirectoryMissing {
        /// The directory.
        path: PathBuf,
    },
    /// The database file cannot be made or written: the rights on the file or its directory are missing, or
    /// it is not a file.
    #[error("database file {}: it cannot be written: {reason}", path.display())]
    NotWritable {
        /// The file.
        path: PathBuf,
        /// What the database says.
        reason: String,
    },
    /// The server cannot be reached, or does not let the service in.
    #[error("database {address}: {reason}")]
    NoConnection {
        /// The URL without its user, password and parameters.
        address: String,
        /// What the server or the system says.
        reason: String,
    },
    /// The file that `sslrootcert` names has no certificates.
    #[error("database certificates to trust, {}: {reason}", path.display())]
    RootsUnreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Anything else, such as a file that is no database.
    #[error("database {address}: it cannot be opened: {reason}")]
    Failed {
        /// The URL without its user, password and parameters.
        address: String,
        /// What the database or the system says.
        reason: String,
    },
}
