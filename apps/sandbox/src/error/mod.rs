//! What can go wrong when the sandbox is used as a library.

mod authorize;

use std::net::SocketAddr;

pub use authorize::AuthorizeError;

/// Why the sandbox refused a call or could not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The sandbox cannot listen on the address, most often because another program does so already.
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
    #[error("the operating system gives no random bytes")]
    Random,
    /// The HTTP client that sends the callbacks cannot be made.
    #[error("cannot make the HTTP client of the callbacks: {0}")]
    Client(#[source] reqwest::Error),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up")]
    Tls(#[source] saoma_tls::TlsError),
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
    #[error("no authorization page of this id is open")]
    UnknownPage,
    /// The person has not logged in to the mini program of this name, so that there is no session key.
    #[error("the person has not logged in to {0:?}")]
    NoMiniSession(String),
    /// No mini program here has made such a code.
    #[error("no mini program here has made this code")]
    UnknownCode,
    /// The service that a mini program belongs to did not answer, for this reason.
    #[error("the service does not answer: {0}")]
    Service(&'static str),
    /// The sandbox has no person of this name.
    #[error("no person is named {0:?}")]
    UnknownPerson(String),
    /// The name or the phone number cannot be used for a person.
    #[error("{0}")]
    InvalidPerson(String),
    /// The sandbox has as many people as [`Limits::people`](crate::Limits::people) allows.
    #[error("the sandbox is full: {0} people")]
    TooManyPeople(usize),
    /// The event is not, or no longer, in the log.
    #[error("no event has the number {0}")]
    UnknownEvent(u64),
    /// The sandbox was stopped.
    #[error("the sandbox was stopped")]
    Stopped,
}

/// Makes the error for a value of the configuration.
pub(crate) fn invalid(key: &'static str, problem: &str) -> SandboxError {
    SandboxError::Config { key, problem: problem.to_owned() }
}
