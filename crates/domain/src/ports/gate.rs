//! The gate: the site decides whether a person is admitted.

use async_trait::async_trait;

use crate::{
    account::{AccountId, Identity},
    login::LoginId,
    text::{MalformedText, short_text},
};

short_text! {
    /// The site's word for why it refuses a person: `[a-z0-9_]{1,64}`.
    RefusalCode, 64, |text| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// A person who asks to be admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The account that they are about to be logged in to; `None` before a new one is made.
    pub account: Option<AccountId>,
    /// The identity by which they come, with its app and its channel; unknown where no scan led to the login.
    pub identity: Option<Identity>,
    /// The login.
    pub login: LoginId,
}

/// Why a person is not admitted, and what they are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The site's word for it.
    pub code: RefusalCode,
    /// What the page says; at most [`Refusal::TEXT_CHARS`] characters.
    pub page: String,
    /// What the chat says; at most [`Refusal::TEXT_CHARS`] characters.
    pub chat: String,
}

impl Refusal {
    /// How long a text is at the most.
    pub const TEXT_CHARS: usize = 500;

    /// Makes a refusal; what is too long of a text is cut off.
    pub fn new(code: RefusalCode, page: &str, chat: &str) -> Self {
        let cut = |text: &str| text.chars().take(Self::TEXT_CHARS).collect();
        Self { code, page: cut(page), chat: cut(chat) }
    }
}

/// What the gate decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GateVerdict {
    /// The person is admitted.
    Admit,
    /// The person is not.
    Refuse(Refusal),
}

/// Why the gate could not decide.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct GateError {
    /// What happened, for the operator.
    pub reason: String,
}

impl From<MalformedText> for GateError {
    fn from(error: MalformedText) -> Self {
        Self { reason: error.to_string() }
    }
}

/// Decides whether a person is admitted, before a session or an account is made.
///
/// The same person may be asked about again for the same login: by the scan, for the words in the chat, and before the
/// session is issued.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Gate: Send + Sync {
    /// Returns whether every person is admitted; then the gate is never asked. Asked once, when the service is made.
    fn is_open(&self) -> bool {
        false
    }

    /// Decides about a person. MUST be bounded in time: a client waits, and WeChat for the words in the chat.
    ///
    /// # Errors
    /// [`GateError`] where there is no decision: the person is not admitted then.
    async fn admit(&self, admission: &Admission) -> Result<GateVerdict, GateError>;
}

/// Admits every person.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenGate;

#[async_trait]
impl Gate for OpenGate {
    fn is_open(&self) -> bool {
        true
    }

    async fn admit(&self, _: &Admission) -> Result<GateVerdict, GateError> {
        Ok(GateVerdict::Admit)
    }
}
