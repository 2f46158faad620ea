//! Rows of messages that wait for the site's own system.

use saoma_domain::{
    message::MessageId,
    rules::rows::{FoundMessages, MessageRow, MessageRows, RowResult},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

use super::{MemoryRows, unless_raced};

impl MessageRows for MemoryRows<'_> {
    async fn message(&mut self, id: MessageId) -> RowResult<Option<MessageRow>> {
        Ok(self.tables().messages.get(&id).cloned())
    }

    async fn find_messages(
        &mut self,
        id: MessageId,
        app: &AppName,
        openid: &OpenId,
    ) -> RowResult<FoundMessages> {
        let itself = self.tables().messages.get(&id).is_some();
        let waiting = self.first_waiting_message(app, openid).await?.is_some();
        Ok(FoundMessages { itself, waiting })
    }

    async fn first_waiting_message(
        &mut self,
        app: &AppName,
        openid: &OpenId,
    ) -> RowResult<Option<MessageRow>> {
        let is_theirs = |row: &&MessageRow| &row.message.app == app && &row.message.openid == openid;
        let rows = self.tables().messages.rows();
        let waiting = rows.filter(|row| row.next_try_at.is_some()).filter(is_theirs);
        Ok(waiting.min_by_key(|row| order(row)).cloned())
    }

    async fn due_messages(&mut self, now: Timestamp, at_most: u32) -> RowResult<Vec<MessageRow>> {
        let rows = self.tables().messages.rows();
        let mut due: Vec<_> = rows.filter(|row| row.next_try_at.is_some_and(|at| at <= now)).collect();
        due.sort_by_key(|row| order(row));
        due.truncate(usize::try_from(at_most).unwrap_or(usize::MAX));
        Ok(due.into_iter().cloned().collect())
    }

    async fn count_waiting_messages(&mut self) -> RowResult<u64> {
        let waiting = self.tables().messages.rows().filter(|row| row.next_try_at.is_some());
        Ok(waiting.count() as u64)
    }

    async fn insert_message(&mut self, row: &MessageRow) -> RowResult<()> {
        unless_raced(self.tables().messages.insert(row.message.id, row.clone()))
    }

    async fn update_message(&mut self, row: &MessageRow, read_tries: u32) -> RowResult<()> {
        let is_as_read = |known: &MessageRow| known.tries == read_tries;
        let id = row.message.id;
        unless_raced(self.tables().messages.update(&id, is_as_read, |known| *known = row.clone()))
    }
}

/// What messages are ordered by: when they came, then their id.
fn order(row: &MessageRow) -> (Timestamp, MessageId) {
    (row.message.received_at, row.message.id)
}
