//! SMS codes: keeping them and sending them.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreError;
use crate::{
    account::PhoneNumber,
    login::LoginId,
    sms::{SmsCode, SmsCodeDigest},
    time::Timestamp,
};

/// What became of a try to guess a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeAttempt {
    /// It is the code.
    Right,
    /// It is not.
    Wrong {
        /// How many tries are left.
        attempts_left: u32,
    },
    /// It is for another number than the code was sent to.
    OtherNumber {
        /// How many tries are left.
        attempts_left: u32,
    },
    /// There is no code, it is too old, or its tries are used up.
    Gone,
}

impl CodeAttempt {
    /// Judges a try that was counted, by the digest that is kept and the one of the try.
    pub fn judge(kept: &SmsCodeDigest, tried: &SmsCodeDigest, attempts_left: u32) -> Self {
        if !kept.is_for_number_of(tried) {
            Self::OtherNumber { attempts_left }
        } else if kept.is_same_code_as(tried) {
            Self::Right
        } else {
            Self::Wrong { attempts_left }
        }
    }
}

/// Keeps the one live code of a login; may vanish, and the person asks for another.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SmsCodes: Send + Sync {
    /// Keeps a code in place of an earlier one of the same login, with `attempts` tries until `until`.
    ///
    /// # Errors
    /// [`StoreError`] when it could not.
    async fn put(
        &self,
        login: LoginId,
        digest: SmsCodeDigest,
        attempts: u32,
        until: Timestamp,
    ) -> Result<(), StoreError>;

    /// Counts a try and then compares.
    ///
    /// MUST count in an atomic step of its own before it compares: with any number of callers at once never
    /// more tries are evaluated than the code has. A right try does not remove the code; binding a login is
    /// what consumes it.
    ///
    /// # Errors
    /// [`StoreError`] when it could not count; the try is then not evaluated.
    async fn attempt(
        &self,
        login: LoginId,
        digest: SmsCodeDigest,
        now: Timestamp,
    ) -> Result<CodeAttempt, StoreError>;
}

/// A code on its way to a phone.
#[derive(Clone, Debug)]
pub struct SmsMessage {
    /// Where to.
    pub phone: PhoneNumber,
    /// The code.
    pub code: SmsCode,
    /// What it is for: `login` or `new_phone`.
    pub purpose: &'static str,
    /// How long it is good for.
    pub expires_in: Duration,
}

/// A message that a provider took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmsReceipt {
    /// The provider, by the name that the configuration has for it.
    pub provider: &'static str,
}

/// Why a message was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the SMS was not sent: {reason}")]
pub struct SmsError {
    /// The provider that did not take it.
    pub provider: &'static str,
    /// What happened in a word, as it is counted.
    pub outcome: &'static str,
    /// What happened, without the number, the code or a secret.
    pub reason: String,
    /// Whether there is another provider, which may be tried with another code.
    pub try_next: bool,
}

impl SmsError {
    /// Makes a failure of a gateway that has none behind it; it is counted as `no_answer`.
    pub fn failed(provider: &'static str, reason: impl Into<String>) -> Self {
        Self { provider, outcome: "no_answer", reason: reason.into(), try_next: false }
    }
}

/// Sends codes by SMS.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SmsSender: Send + Sync {
    /// Hands a code to one provider: to the first one with `attempt` 0, to the next with 1, and so on; returns once the provider
    /// has taken it. MUST be bounded in time and MUST NOT repeat. A provider that did not answer may have sent the
    /// message, so the caller MUST give the next one another code.
    ///
    /// # Errors
    /// [`SmsError`] when the provider did not say that it took it.
    async fn send(&self, message: SmsMessage, attempt: usize) -> Result<SmsReceipt, SmsError>;
}
