//! The statement that writes an entry of the journal.
//!
//! It is written out: Diesel's own insert walks through the types of all columns four times for each statement, which with
//! SQLite was a third of what the journal costs a scan.

use diesel::{
    QueryResult,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{BigInt, Nullable, Text},
};

use super::super::dialect::Backend;
use crate::columns::NewJournalColumns;

/// The columns, in the order of [`bind`].
const COLUMNS: [&str; 15] = [
    "id",
    "openid",
    "app",
    "received_at",
    "told_at",
    "kind",
    "key",
    "text",
    "msg_id",
    "outcome",
    "login_id",
    "node",
    "request_id",
    "took_ms",
    "replay_of",
];

/// Writes one entry, in a statement that a connection prepares once.
#[derive(QueryId)]
pub(in super::super) struct InsertEntry(pub(in super::super) NewJournalColumns);

impl QueryFragment<Backend> for InsertEntry {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        name_columns(out.reborrow())?;
        bind(&self.0, out)
    }
}

/// Says what is inserted, and that values follow.
pub(in super::super) fn name_columns(mut out: AstPass<'_, '_, Backend>) -> QueryResult<()> {
    out.push_sql("INSERT INTO saoma_journal (");
    for (at, column) in COLUMNS.iter().enumerate() {
        if at > 0 {
            out.push_sql(", ");
        }
        out.push_identifier(column)?;
    }
    out.push_sql(") VALUES ");
    Ok(())
}

/// Binds the values of a row.
pub(in super::super) fn bind<'b>(
    row: &'b NewJournalColumns,
    mut out: AstPass<'_, 'b, Backend>,
) -> QueryResult<()> {
    let entry = &*row.entry;
    out.push_sql("(");
    out.push_bind_param::<BigInt, _>(&row.id)?;
    out.push_sql(", ");
    out.push_bind_param::<Text, _>(entry.openid.as_str())?;
    out.push_sql(", ");
    out.push_bind_param::<Text, _>(entry.app.as_str())?;
    out.push_sql(", ");
    out.push_bind_param::<BigInt, _>(&row.received_at)?;
    out.push_sql(", ");
    out.push_bind_param::<BigInt, _>(&row.told_at)?;
    out.push_sql(", ");
    out.push_bind_param::<Text, str>(&entry.kind)?;
    out.push_sql(", ");
    out.push_bind_param::<Nullable<Text>, _>(&entry.key)?;
    out.push_sql(", ");
    out.push_bind_param::<Nullable<Text>, _>(&entry.text)?;
    out.push_sql(", ");
    out.push_bind_param::<Nullable<Text>, _>(&entry.msg_id)?;
    out.push_sql(", ");
    out.push_bind_param::<Text, str>(&row.outcome)?;
    out.push_sql(", ");
    out.push_bind_param::<Nullable<Text>, _>(&row.login_id)?;
    out.push_sql(", ");
    out.push_bind_param::<Text, str>(&entry.node)?;
    out.push_sql(", ");
    out.push_bind_param::<Text, _>(&entry.request_id)?;
    out.push_sql(", ");
    out.push_bind_param::<BigInt, _>(&row.took_ms)?;
    out.push_sql(", ");
    out.push_bind_param::<Nullable<BigInt>, _>(&row.replay_of)?;
    out.push_sql(")");
    Ok(())
}
