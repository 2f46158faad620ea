//! The site's own system behind an app, and the messages that wait for it.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    message::{MessageId, RawMessage, RelayAnswer, RelayedMessage},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

/// Why the site's own system did not take a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct RelayError {
    /// What happened, with the address and without the query, which has a signature in it.
    pub reason: String,
}

/// Hands messages to the site's own system, which answers as if WeChat had called it.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Relay: Send + Sync {
    /// Returns whether an app has such a system.
    fn relays(&self, app: &AppName) -> bool;

    /// Returns whether an app's system is told of logins, too.
    fn relays_logins(&self, app: &AppName) -> bool;

    /// Hands a message over, and returns the answer. MUST be bounded in time (30 s) and in size (64 KiB), and MUST NOT
    /// repeat by itself.
    ///
    /// # Errors
    /// [`RelayError`] unless the system said that it took the message.
    async fn forward(&self, app: &AppName, raw: &RawMessage) -> Result<RelayAnswer, RelayError>;
}

/// There is no system behind any app.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRelay;

#[async_trait]
impl Relay for NoRelay {
    fn relays(&self, _: &AppName) -> bool {
        false
    }

    fn relays_logins(&self, _: &AppName) -> bool {
        false
    }

    async fn forward(&self, app: &AppName, _: &RawMessage) -> Result<RelayAnswer, RelayError> {
        Err(RelayError { reason: format!("{app} has no system behind it") })
    }
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageTurn {
    /// The message was queued before.
    Queued,
    /// Earlier messages of the same person wait.
    Behind,
    /// No message of the person waits.
    Next,
}

/// A message that waits, taken for one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedMessage {
    /// The message.
    pub message: RelayedMessage,
    /// How many tries there were, this one included.
    pub tries: u32,
}

/// What becomes of a message after a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageSettled {
    /// It was delivered and is not sent again.
    Delivered,
    /// It is tried again.
    Waits,
    /// It was tried for so long that it is given up.
    GivenUp,
    /// Another node took it meanwhile, or it was never queued.
    NotOurs,
}

/// Keeps the messages that the site's own system has not taken yet.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait MessageQueue: Send + Sync {
    /// Returns whether a message may be handed over now.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    async fn turn(&self, app: &AppName, openid: &OpenId, id: MessageId) -> Result<MessageTurn, StoreError>;

    /// Keeps a message, to be tried as soon as it is the person's first. A caller that is trying it already says until
    /// when at the most; that is its try number 1. Returns `false` for a message that was kept before, which stays as it
    /// is. MUST be durable when it answers.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be kept.
    async fn put(
        &self,
        message: RelayedMessage,
        being_tried_until: Option<Timestamp>,
    ) -> Result<bool, StoreError>;

    /// Takes at most `at_most` messages whose time has come, each person's earliest only, for one try of at most
    /// [`RELAY_TRY`](crate::rules::RELAY_TRY). MUST give a message to one caller at a time.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    async fn claim(&self, now: Timestamp, at_most: u32) -> Result<Vec<QueuedMessage>, StoreError>;

    /// Returns how many messages wait.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    async fn count_waiting(&self) -> Result<u64, StoreError>;

    /// Writes down what a try led to. `tries` is the try's number ([`QueuedMessage::tries`]).
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written; the message is then sent again.
    async fn settle(
        &self,
        id: MessageId,
        tries: u32,
        is_delivered: bool,
        now: Timestamp,
    ) -> Result<MessageSettled, StoreError>;
}
