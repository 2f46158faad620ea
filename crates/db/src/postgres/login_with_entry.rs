//! The first row of a login and the journal's entry of the call that told of it, in one statement, which is one transaction and
//! one round trip.

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
};
use diesel_async::RunQueryDsl;

use super::{dialect::Connection, tables::journal_insert::InsertEntry};
use crate::{
    columns::{LoginColumns, NewJournalColumns},
    schema::logins,
};

/// Inserts both rows, or none.
pub(super) async fn insert_login_with_entry(
    connection: &mut Connection,
    login: LoginColumns,
    entry: NewJournalColumns,
) -> QueryResult<()> {
    let both = Both { first: InsertEntry(entry), second: diesel::insert_into(logins::table).values(login) };
    both.execute(connection).await.map(drop)
}

/// Two inserts in one statement.
#[derive(QueryId)]
struct Both<F, S> {
    first: F,
    second: S,
}

impl<F: QueryFragment<Pg>, S: QueryFragment<Pg>> QueryFragment<Pg> for Both<F, S> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH entry AS (");
        self.first.walk_ast(out.reborrow())?;
        out.push_sql(") ");
        self.second.walk_ast(out)
    }
}
