//! Removing rows whose time is over.

use saoma_domain::{
    rules::rows::{AppProfileRow, PrunableTable, PruningRows, RowResult},
    time::Timestamp,
};

use super::{MemoryRows, table::Table};

impl PruningRows for MemoryRows<'_> {
    async fn remove_prunable(
        &mut self,
        table: PrunableTable,
        until: Timestamp,
        at_most: u32,
    ) -> RowResult<u32> {
        let tables = self.tables();
        Ok(match table {
            PrunableTable::Logins => remove(&mut tables.logins, at_most, |row| row.prune_at <= until),
            PrunableTable::PendingLinks => {
                remove(&mut tables.pending_links, at_most, |row| row.prune_at <= until)
            }
            PrunableTable::Identities => {
                let is_over = |prune_at: Timestamp| prune_at <= until;
                let removed =
                    remove(&mut tables.identities, at_most, |row| row.prune_at.is_some_and(is_over));
                // What is known of an identity goes with it.
                let is_orphan = |row: &AppProfileRow| tables.identities.get(&row.identity).is_none();
                remove(&mut tables.app_profiles, u32::MAX, is_orphan);
                removed
            }
            PrunableTable::Sessions => remove(&mut tables.sessions, at_most, |row| row.prune_at <= until),
            PrunableTable::OneTimeCodes => {
                remove(&mut tables.one_time_codes, at_most, |row| row.prune_at <= until)
            }
            PrunableTable::Messages => remove(&mut tables.messages, at_most, |row| row.prune_at <= until),
            PrunableTable::Consents => {
                let is_over = |prune_at: Timestamp| prune_at <= until;
                remove(&mut tables.consents, at_most, |row| row.prune_at.is_some_and(is_over))
            }
            PrunableTable::Funnel => remove(&mut tables.funnel, at_most, |row| row.prune_at <= until),
            PrunableTable::Grants => remove(&mut tables.grants, at_most, |row| row.prune_at <= until),
            PrunableTable::Events => remove(&mut tables.events, at_most, |row| row.new.prune_at <= until),
        })
    }
}

/// Removes at most so many rows that are over, and returns how many.
pub(super) fn remove<K: Clone + Ord, V: Clone>(
    table: &mut Table<K, V>,
    at_most: u32,
    is_over: impl Fn(&V) -> bool,
) -> u32 {
    let mut removed = 0;
    let at_most = usize::try_from(at_most).unwrap_or(usize::MAX);
    for key in table.keys_of(is_over).take(at_most).collect::<Vec<_>>() {
        table.remove(&key);
        removed += 1;
    }
    removed
}
