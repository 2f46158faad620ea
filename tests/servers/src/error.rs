//! Why a server is not there.

/// Why a server could not be started, or does not do what it is asked for.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// A program is not on this machine.
    #[error("`{program}` is missing: install the package `{package}`")]
    Missing {
        /// The program.
        program: &'static str,
        /// The package of Debian that it comes with.
        package: &'static str,
    },
    /// The system refused a file, a port or a process.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A server ended by itself.
    #[error("{name} {how}; its last words:\n{log}")]
    Ended {
        /// Which one.
        name: String,
        /// How it ended.
        how: String,
        /// The end of its log.
        log: String,
    },
    /// A server did not do in time what it was waited for.
    #[error("waited too long until {until}; seen last: {last}")]
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
