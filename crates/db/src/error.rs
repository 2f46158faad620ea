//! Why a database could not be opened.

use std::path::PathBuf;

/// Why [`Database::connect`](crate::Database::connect) gave no database; the texts never show a password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL is of no known form.
    #[error("not a database URL: {0}")]
    InvalidUrl(&'static str),
    /// The URL is for a database that this build does not know.
    #[error("no database is known for the scheme `{scheme}`; this build knows {known}", known = crate::SCHEMES.join(", "))]
    UnknownScheme {
        /// What stands before the first colon.
        scheme: String,
    },
    /// The directory that the database file should lie in does not exist.
    #[error("the directory of the database file does not exist: {}", path.display())]
    DirectoryMissing {
        /// The directory.
        path: PathBuf,
    },
    /// The database file cannot be made or written: the rights on the file or its directory are missing, or
    /// it is not a file.
    #[error("the database file cannot be written: {}: {reason}", path.display())]
    NotWritable {
        /// The file.
        path: PathBuf,
        /// What the database says.
        reason: String,
    },
    /// The server cannot be reached, or does not let us in.
    #[error("no connection to the database server at {server}: {reason}")]
    NoConnection {
        /// Host and port, or the socket.
        server: String,
        /// What the server or the system says.
        reason: String,
    },
    /// The file that `sslrootcert` names has no certificates.
    #[error("certificates to trust cannot be read: {}: {reason}", path.display())]
    RootsUnreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Anything else, such as a file that is no database.
    #[error("the database cannot be opened: {0}")]
    Failed(String),
}
