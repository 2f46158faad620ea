//! Rows of messages that wait for the site's own system.

use crate::{
    message::{MessageId, RelayedMessage},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

use super::RowResult;

/// The row of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// The message; without what came once it does not wait any more.
    pub message: RelayedMessage,
    /// How often it was tried.
    pub tries: u32,
    /// From when on it is tried next; `None` once it was delivered or given up.
    pub next_try_at: Option<Timestamp>,
    /// From when on the row may be removed.
    pub prune_at: Timestamp,
}

/// What there is of a message and of its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundMessages {
    /// The message has a row.
    pub itself: bool,
    /// Messages of its person wait.
    pub waiting: bool,
}

/// Operations on rows of messages.
pub trait MessageRows: Send {
    /// Reads a message.
    fn message(&mut self, id: MessageId) -> impl Future<Output = RowResult<Option<MessageRow>>> + Send;

    /// Says in one statement whether a message has a row, and whether messages of its person wait.
    fn find_messages(
        &mut self,
        id: MessageId,
        app: &AppName,
        openid: &OpenId,
    ) -> impl Future<Output = RowResult<FoundMessages>> + Send;

    /// Reads the message of a person that waits and came first: by `received_at`, then by its id.
    fn first_waiting_message(
        &mut self,
        app: &AppName,
        openid: &OpenId,
    ) -> impl Future<Output = RowResult<Option<MessageRow>>> + Send;

    /// Reads at most `at_most` messages that wait and whose next try is at `now` or earlier, in the order in which they
    /// came.
    fn due_messages(
        &mut self,
        now: Timestamp,
        at_most: u32,
    ) -> impl Future<Output = RowResult<Vec<MessageRow>>> + Send;

    /// Counts the messages that wait.
    fn count_waiting_messages(&mut self) -> impl Future<Output = RowResult<u64>> + Send;

    /// Writes a new message; [`Rejected::Raced`](super::Rejected::Raced) where its id has a row.
    fn insert_message(&mut self, row: &MessageRow) -> impl Future<Output = RowResult<()>> + Send;

    /// Writes a message again, unless its number of tries is not `read_tries` any more
    /// ([`Rejected::Raced`](super::Rejected::Raced)).
    fn update_message(
        &mut self,
        row: &MessageRow,
        read_tries: u32,
    ) -> impl Future<Output = RowResult<()>> + Send;
}
