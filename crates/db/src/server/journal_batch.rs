//! Entries of the journal that gathered, in one statement and one round trip.

use diesel::{
    QueryResult,
    query_builder::{AstPass, QueryFragment, QueryId},
};

use super::{
    dialect::Backend,
    tables::journal_insert::{bind, name_columns},
};
use crate::columns::NewJournalColumns;

/// Writes several entries.
pub(super) struct InsertEntries<'e>(pub(super) &'e [NewJournalColumns]);

impl QueryId for InsertEntries<'_> {
    type QueryId = ();
    // It is another statement for each number of entries.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Backend> for InsertEntries<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        name_columns(out.reborrow())?;
        for (at, entry) in self.0.iter().enumerate() {
            if at > 0 {
                out.push_sql(", ");
            }
            bind(entry, out.reborrow())?;
        }
        Ok(())
    }
}
