//! Why a command failed.

use std::path::Path;

use saoma_api::{ConnectError, ServerError, config::ConfigError};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandError {
    /// The configuration or the arguments are wrong.
    #[error("{0}")]
    Misused(String),
    /// A listener could not be bound.
    #[error(transparent)]
    Listen(#[from] ServerError),
    /// Something did not work that may work later.
    #[error("{0}")]
    Failed(String),
}

impl CommandError {
    /// Adds the name of the configuration's file to a message that names a key of it.
    pub(super) fn in_file(self, file: Option<&Path>) -> Self {
        match (self, file) {
            (Self::Misused(message), Some(path)) => Self::Misused(format!("{}: {message}", path.display())),
            (Self::Listen(error), Some(path)) => Self::Misused(format!("{}: {error}", path.display())),
            (other, _) => other,
        }
    }
}

impl From<ConfigError> for CommandError {
    fn from(error: ConfigError) -> Self {
        Self::Misused(error.to_string())
    }
}

impl From<ConnectError> for CommandError {
    fn from(error: ConnectError) -> Self {
        match error {
            // The configuration may be right, and another try succeed.
            ConnectError::Database(saoma_db::ConnectError::NoConnection { .. })
            | ConnectError::Migration(_) => Self::Failed(error.to_string()),
            #[cfg(feature = "redis")]
            ConnectError::Store(_) => Self::Misused(error.to_string()),
            ConnectError::NoRedis
            | ConnectError::SmsSenderMissing
            | ConnectError::Database(_)
            | ConnectError::Wechat(_)
            | ConnectError::Sms(_)
            | ConnectError::Webhook(_)
            | ConnectError::Gate(_)
            | ConnectError::Places(_)
            | ConnectError::Relay(_) => Self::Misused(error.to_string()),
        }
    }
}
