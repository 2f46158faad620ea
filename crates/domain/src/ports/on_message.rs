//! What an embedder says to persons who write to an official account.

use std::error::Error;

use async_trait::async_trait;

use crate::{
    chat::{ChatReply, IncomingMessage},
    wechat::AppName,
};

/// Why a message was not taken: any error of the embedder's.
pub type MessageError = Box<dyn Error + Send + Sync>;

/// Hears what persons say and do that is about no login: texts, taps of the menu, codes of the site's own, follows and
/// unfollows. It is what `relay_url` is over HTTP, in the process.
///
/// A message is told until it is taken once, for up to an hour, each person's one after the other, on any node. A message
/// that was taken while its node died may be told again: [`IncomingMessage::id`] is the same then.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait OnMessage: Send + Sync {
    /// Returns whether messages to an app are told to [`OnMessage::take`]; by default those to every app are. Messages to
    /// other apps go to the app's `relay_url`, or are answered by its `replies_to`.
    fn hears(&self, app: &AppName) -> bool {
        let _ = app;
        true
    }

    /// Takes a message, and returns what the person gets in the chat; `None` for nothing. WeChat waits for the answer 4.1 s
    /// at the most: what takes longer, 30 s at the most, is taken without an answer.
    ///
    /// # Errors
    /// Any error where the message was not taken: it is told again.
    async fn take(&self, message: IncomingMessage) -> Result<Option<ChatReply>, MessageError>;
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoOnMessage;

#[async_trait]
impl OnMessage for NoOnMessage {
    fn hears(&self, _: &AppName) -> bool {
        false
    }

    async fn take(&self, _: IncomingMessage) -> Result<Option<ChatReply>, MessageError> {
        Ok(None)
    }
}
