//! Rows of messages for the site's own system.

use diesel::{
    QueryResult,
    dsl::exists,
    prelude::{BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper},
};
use saoma_domain::{
    message::MessageId,
    rules::rows::{FoundMessages, MessageRow, MessageRows, RowResult},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

use super::{super::dialect::RunQueryDsl, rows::SqlRows};
use crate::{columns::MessageColumns, schema::messages};

impl MessageRows for SqlRows<'_> {
    async fn message(&mut self, id: MessageId) -> RowResult<Option<MessageRow>> {
        let query = messages::table.find(id.as_bytes().as_slice()).select(MessageColumns::as_select());
        let found: QueryResult<MessageColumns> = query.get_result(self.reading().await?).await;
        self.answer(found.optional())?.map(MessageColumns::into_row).transpose()
    }

    async fn find_messages(
        &mut self,
        id: MessageId,
        app: &AppName,
        openid: &OpenId,
    ) -> RowResult<FoundMessages> {
        let is_theirs = messages::app.eq(app.as_str()).and(messages::openid.eq(openid.as_str()));
        let waiting = messages::table.filter(is_theirs.and(messages::next_try_at.is_not_null()));
        let both = (exists(messages::table.find(id.as_bytes().as_slice())), exists(waiting));
        let found: QueryResult<(bool, bool)> = diesel::select(both).get_result(self.reading().await?).await;
        let (itself, waiting) = self.answer(found)?;
        Ok(FoundMessages { itself, waiting })
    }

    async fn first_waiting_message(
        &mut self,
        app: &AppName,
        openid: &OpenId,
    ) -> RowResult<Option<MessageRow>> {
        let is_theirs = messages::app.eq(app.as_str()).and(messages::openid.eq(openid.as_str()));
        let query = messages::table
            .filter(is_theirs.and(messages::next_try_at.is_not_null()))
            .order((messages::received_at, messages::id))
            .select(MessageColumns::as_select());
        let found: QueryResult<Vec<MessageColumns>> = at_most!(query, 1).load(self.reading().await?).await;
        self.answer(found)?.pop().map(MessageColumns::into_row).transpose()
    }

    async fn due_messages(&mut self, now: Timestamp, at_most: u32) -> RowResult<Vec<MessageRow>> {
        let query = messages::table
            .filter(messages::next_try_at.le(now.as_millis()))
            .order((messages::received_at, messages::id))
            .select(MessageColumns::as_select());
        let found: QueryResult<Vec<MessageColumns>> =
            at_most!(query, at_most.into()).load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(MessageColumns::into_row).collect()
    }

    async fn count_waiting_messages(&mut self) -> RowResult<u64> {
        let query = messages::table.filter(messages::next_try_at.is_not_null()).count();
        let count: QueryResult<i64> = query.get_result(self.reading().await?).await;
        Ok(u64::try_from(self.answer(count)?).unwrap_or(0))
    }

    async fn insert_message(&mut self, row: &MessageRow) -> RowResult<()> {
        let insert = diesel::insert_into(messages::table).values(MessageColumns::of(row));
        let inserted = insert.execute(self.writing().await?).await;
        self.answer(inserted).map(drop)
    }

    async fn update_message(&mut self, row: &MessageRow, read_tries: u32) -> RowResult<()> {
        let unmoved = messages::table
            .find(row.message.id.as_bytes().as_slice())
            .filter(messages::tries.eq(i64::from(read_tries)));
        let updated =
            diesel::update(unmoved).set(MessageColumns::of(row)).execute(self.writing().await?).await;
        self.changed_one(updated)
    }
}
