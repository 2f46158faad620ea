//! The statement that writes an entry of the journal.
//!
//! It is written out: Diesel's own insert walks through the types of all columns four times for each statement, which with
//! SQLite was a third of what the journal costs a scan.

use diesel::{
    QueryResult,
    query_builder::{AstPass, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{BigInt, HasSqlType, Nullable, Text},
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
    next::<Text, _>(&mut out, entry.openid.as_str())?;
    next::<Text, _>(&mut out, entry.app.as_str())?;
    next::<BigInt, _>(&mut out, &row.received_at)?;
    next::<BigInt, _>(&mut out, &row.told_at)?;
    next::<Text, str>(&mut out, &entry.kind)?;
    next::<Nullable<Text>, _>(&mut out, &entry.key)?;
    next::<Nullable<Text>, _>(&mut out, &entry.text)?;
    next::<Nullable<Text>, _>(&mut out, &entry.msg_id)?;
    next::<Text, str>(&mut out, &row.outcome)?;
    next::<Nullable<Text>, _>(&mut out, &row.login_id)?;
    next::<Text, str>(&mut out, &entry.node)?;
    next::<Text, _>(&mut out, &entry.request_id)?;
    next::<BigInt, _>(&mut out, &row.took_ms)?;
    next::<Nullable<BigInt>, _>(&mut out, &row.replay_of)?;
    out.push_sql(")");
    Ok(())
}

/// Binds a value behind another one.
fn next<'b, T, U>(out: &mut AstPass<'_, 'b, Backend>, value: &'b U) -> QueryResult<()>
where
    Backend: HasSqlType<T>,
    U: ToSql<T, Backend> + ?Sized,
{
    out.push_sql(", ");
    out.push_bind_param::<T, U>(value)
}
