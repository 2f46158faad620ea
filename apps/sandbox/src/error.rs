//! What can go wrong when the sandbox is used as a library.

use std::net::SocketAddr;

use crate::connect::AuthorizeError;

/// Why the sandbox did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The address cannot be listened on, most often because another program does so already.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// A value of the configuration cannot be used.
    #[error("{key}: {problem}")]
    Config {
        /// The name of the value.
        key: &'static str,
        /// What is wrong with it, without the value where that is a secret.
        problem: String,
    },
    /// The operating system gives no random bytes.
    #[error("the system gives no random bytes")]
    Random,
    /// The HTTP client that sends the callbacks cannot be made.
    #[error("no HTTP client: {0}")]
    Client(#[source] reqwest::Error),
    /// No official account of this name is configured.
    #[error("no official account is named {0:?}")]
    UnknownAccount(String),
    /// No app of this name and of the kind that is needed is configured.
    #[error("no app of the right kind is named {0:?}")]
    UnknownApp(String),
    /// The authorize URL cannot be used.
    #[error("the authorization is refused: {0}")]
    Authorize(#[from] AuthorizeError),
    /// No authorization page of this id is open.
    #[error("no such page is open")]
    UnknownPage,
    /// The person has not logged in to the mini program of this name, so that there is no session key.
    #[error("nobody has logged in to {0:?} with this phone")]
    NoMiniSession(String),
    /// The service that a mini program belongs to cannot be asked, for this reason.
    #[error("the service gives no answer: {0}")]
    Service(&'static str),
    /// No person of this name is here.
    #[error("nobody is named {0:?}")]
    UnknownPerson(String),
    /// The name or the phone number cannot be used for a person.
    #[error("{0}")]
    InvalidPerson(String),
    /// As many people as [`Limits::people`](crate::Limits::people) allows are here.
    #[error("the sandbox is full: {0} people")]
    TooManyPeople(usize),
    /// The event is not, or no longer, in the log.
    #[error("no event has the number {0}")]
    UnknownEvent(u64),
    /// The sandbox was stopped.
    #[error("the sandbox was stopped")]
    Stopped,
}

/// Says what is wrong with a value.
pub(crate) fn invalid(key: &'static str, problem: &str) -> SandboxError {
    SandboxError::Config { key, problem: problem.to_owned() }
}
