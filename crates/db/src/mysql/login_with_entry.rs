//! The first row of a login and the journal's entry of the call that told of it.

use diesel::QueryResult;
use diesel_async::RunQueryDsl;

use super::{dialect::Connection, tables::journal_insert::InsertEntry};
use crate::{
    columns::{LoginColumns, NewJournalColumns},
    schema::logins,
};

/// Inserts both rows, the login first. A frame around them would cost two round trips more and is not needed: where the entry
/// is not written the caller fails, WeChat sends the event again, and its repetition writes one.
pub(super) async fn insert_login_with_entry(
    connection: &mut Connection,
    login: LoginColumns,
    entry: NewJournalColumns,
) -> QueryResult<()> {
    diesel::insert_into(logins::table).values(login).execute(connection).await?;
    InsertEntry(entry).execute(connection).await.map(drop)
}
