//! Removing rows whose time is over.

use diesel::{
    QueryResult,
    prelude::{ExpressionMethods, QueryDsl},
};
use saoma_domain::{
    rules::rows::{PrunableTable, PruningRows, RowResult},
    time::Timestamp,
};

use super::{
    super::dialect::{Connection, ROWS_A_STATEMENT, RunQueryDsl},
    rows::SqlRows,
};
use crate::schema::{
    consents, events, funnel, grants, identities, journal, logins, messages, one_time_codes, pending_links,
    sessions,
};

impl PruningRows for SqlRows<'_> {
    async fn remove_prunable(
        &mut self,
        table: PrunableTable,
        until: Timestamp,
        at_most: u32,
    ) -> RowResult<u32> {
        let due = Due { until: until.as_millis(), at_most: at_most.into() };
        let removed = match table {
            PrunableTable::Logins => remove_logins(self.writing().await?, due).await,
            PrunableTable::PendingLinks => remove_pending_links(self.writing().await?, due).await,
            PrunableTable::Identities => remove_identities(self.writing().await?, due).await,
            PrunableTable::Sessions => remove_sessions(self.writing().await?, due).await,
            PrunableTable::OneTimeCodes => remove_one_time_codes(self.writing().await?, due).await,
            PrunableTable::Messages => remove_messages(self.writing().await?, due).await,
            PrunableTable::Events => remove_events(self.writing().await?, due).await,
            PrunableTable::Consents => remove_consents(self.writing().await?, due).await,
            PrunableTable::Funnel => remove_funnel(self.writing().await?, due).await,
            PrunableTable::Grants => remove_grants(self.writing().await?, due).await,
        };
        // No more rows go than were listed.
        Ok(u32::try_from(self.answer(removed)?).unwrap_or(at_most))
    }
}

/// The rows that may go.
#[derive(Clone, Copy)]
struct Due {
    until: i64,
    at_most: i64,
}

// The rows are listed first, since not every backend limits a delete or lets it read its own table. Whether their
// time is over is asked again when they are removed, since a session may have been used in between where listing
// does not lock.

/// Removes at most so many rows of those that a query finds.
macro_rules! remove_found {
    ($connection:ident: $found:expr, $is_over:expr, $at_most:expr, $table:ident by $key:ident as $type:ty) => {{
        let query = for_removal!($found.filter($is_over).select($table::$key));
        let keys: Vec<$type> = at_most!(query, $at_most).load($connection).await?;
        let mut removed = 0;
        for keys in keys.chunks(ROWS_A_STATEMENT) {
            let rows = $table::table.filter($table::$key.eq_any(keys)).filter($is_over);
            removed += diesel::delete(rows).execute($connection).await?;
        }
        Ok(removed)
    }};
}

/// Makes the function that removes rows from a table with this key.
macro_rules! remove {
    ($function:ident: $table:ident by $key:ident as $type:ty) => {
        async fn $function(connection: &mut Connection, due: Due) -> QueryResult<usize> {
            let is_over = $table::prune_at.le(due.until);
            remove_found!(connection: $table::table, is_over, due.at_most, $table by $key as $type)
        }
    };
}

remove!(remove_logins: logins by id as String);
remove!(remove_pending_links: pending_links by login_id as String);
remove!(remove_identities: identities by id as String);
remove!(remove_sessions: sessions by id as String);
remove!(remove_one_time_codes: one_time_codes by code as Vec<u8>);
remove!(remove_messages: messages by id as Vec<u8>);
remove!(remove_events: events by id as i64);
remove!(remove_consents: consents by login_id as String);
remove!(remove_funnel: funnel by id as String);
remove!(remove_grants: grants by id as String);

/// Removes the first entries of the journal, which are the oldest.
pub(super) async fn remove_journal(
    connection: &mut Connection,
    before: i64,
    at_most: i64,
) -> QueryResult<usize> {
    let is_over = journal::id.lt(before);
    remove_found!(connection: journal::table.order(journal::id), is_over, at_most, journal by id as i64)
}
