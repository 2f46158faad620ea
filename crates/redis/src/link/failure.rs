//! Why Redis did not do something.

use redis::{ErrorKind, RedisError, ServerErrorKind};
use saoma_domain::ports::StoreError;

/// Why Redis did not do something; the texts hold no address, key or secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It gave no answer, or cannot serve at the moment.
    Away(String),
    /// It does not know the script.
    NoScript,
    /// It answered, and said no.
    Refused(String),
}

impl From<RedisError> for Failure {
    fn from(error: RedisError) -> Self {
        let text = match error.code() {
            Some(code) => format!("{} ({code})", error.category()),
            None => error.category().to_owned(),
        };
        if is_away(&error) {
            Self::Away(text)
        } else if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) {
            Self::NoScript
        } else {
            Self::Refused(text)
        }
    }
}

fn is_away(error: &RedisError) -> bool {
    let away = [
        ErrorKind::Io,
        ErrorKind::AuthenticationFailed,
        ErrorKind::ClusterConnectionNotFound,
        ErrorKind::MasterNameNotFoundBySentinel,
        ErrorKind::Server(ServerErrorKind::BusyLoading),
        ErrorKind::Server(ServerErrorKind::ClusterDown),
        ErrorKind::Server(ServerErrorKind::MasterDown),
        // A primary that became a replica.
        ErrorKind::Server(ServerErrorKind::ReadOnly),
    ];
    away.contains(&error.kind()) || error.is_timeout() || error.is_unrecoverable_error()
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        Self::Unavailable(match failure {
            Failure::Away(reason) => format!("Redis is away: {reason}"),
            Failure::NoScript => "Redis forgets its scripts".to_owned(),
            Failure::Refused(reason) => format!("Redis refused: {reason}"),
        })
    }
}
