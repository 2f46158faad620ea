//! Why a server is not there.

/// Why a server could not be started.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// A file, a port or a program was not to be had.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A server ended by itself.
    #[error("{name} ended by itself; its last words:\n{log}")]
    Ended {
        /// Which one.
        name: String,
        /// The end of its log.
        log: String,
    },
    /// A server did not do in time what it was waited for.
    #[error("waited too long until {until}; last answer: {last}")]
    TooLate {
        /// What was waited for.
        until: String,
        /// What was seen instead.
        last: String,
    },
}

impl ServerError {
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        |source| Self::Io { what, source }
    }
}
