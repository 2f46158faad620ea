//! Why a request failed.

use std::error::Error;

use redis::{ErrorKind, RedisError, ServerErrorKind};

/// Why a request failed. The texts are causes for an operator; they hold no key, argument or password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RequestError {
    /// Redis gave no answer, or cannot serve at the moment.
    #[error("{0}")]
    Unavailable(String),
    /// Redis answers, and takes no write: it is a replica now, cannot save, or has too few replicas.
    #[error("it refuses writes: {0}")]
    ReadOnly(String),
    /// Redis does not know the script.
    #[error("it lost the script that was just sent")]
    UnknownScript,
    /// Redis answered with an error.
    #[error("it refused the request: {0}")]
    Refused(String),
}

/// What Redis answers to every write while it takes none.
const REFUSING_WRITES: [&str; 3] = ["READONLY", "MISCONF", "NOREPLICAS"];

impl From<RedisError> for RequestError {
    fn from(error: RedisError) -> Self {
        if error.code().is_some_and(|code| REFUSING_WRITES.contains(&code)) {
            Self::ReadOnly(cause(&error))
        } else if is_unavailable(&error) {
            Self::Unavailable(cause(&error))
        } else if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) {
            Self::UnknownScript
        } else {
            Self::Refused(cause(&error))
        }
    }
}

/// Returns what went wrong: the operating system's words, or the kind of the error with Redis's code for it. The rest
/// of Redis's answer may repeat arguments of the request, so it is left out.
fn cause(error: &RedisError) -> String {
    if error.kind() == ErrorKind::Io
        && let Some(source) = error.source()
    {
        return source.to_string();
    }
    match (error.code(), error.category()) {
        (Some(code), "") => code.to_owned(),
        (Some(code), category) => format!("{category} ({code})"),
        (None, category) => category.to_owned(),
    }
}

fn is_unavailable(error: &RedisError) -> bool {
    let kinds = [
        ErrorKind::Io,
        ErrorKind::AuthenticationFailed,
        ErrorKind::ClusterConnectionNotFound,
        ErrorKind::MasterNameNotFoundBySentinel,
        ErrorKind::Server(ServerErrorKind::BusyLoading),
        ErrorKind::Server(ServerErrorKind::ClusterDown),
        ErrorKind::Server(ServerErrorKind::MasterDown),
    ];
    kinds.contains(&error.kind()) || error.is_timeout() || error.is_unrecoverable_error()
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_cause_is_told_without_what_was_sent() {
        let refused =
            RedisError::from(io::Error::new(io::ErrorKind::ConnectionRefused, "connection refused"));
        assert_eq!(RequestError::from(refused).to_string(), "connection refused");
        let auth =
            (ErrorKind::AuthenticationFailed, "Password authentication failed", "AUTH secret".to_owned());
        assert_eq!(RequestError::from(RedisError::from(auth)).to_string(), "authentication failed");
        let kind = ErrorKind::Server(ServerErrorKind::ResponseError);
        let unknown =
            (kind, "An error was signalled by the server", "unknown command 'AUTH' 'secret'".to_owned());
        let unknown = RequestError::from(RedisError::from(unknown));
        assert_eq!(unknown.to_string(), "it refused the request: response error (ERR)");
    }
}
