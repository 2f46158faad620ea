//! Rows of what WeChat apps know of persons.

use saoma_domain::{
    account::{AccountId, IdentityId},
    rules::rows::{AppProfileRow, AppProfileRows, RowResult},
    time::Timestamp,
};

use super::{MemoryRows, unless_raced};

impl AppProfileRows for MemoryRows<'_> {
    async fn app_profile(&mut self, identity: IdentityId) -> RowResult<Option<AppProfileRow>> {
        Ok(self.tables().app_profiles.get(&identity).cloned())
    }

    async fn app_profiles_of_account(&mut self, account: AccountId) -> RowResult<Vec<AppProfileRow>> {
        let tables = self.tables();
        let is_theirs = |row: &&AppProfileRow| {
            let identity = tables.identities.get(&row.identity);
            identity.is_some_and(|row| row.identity.account == Some(account))
        };
        Ok(tables.app_profiles.rows().filter(is_theirs).cloned().collect())
    }

    async fn insert_app_profile(&mut self, row: &AppProfileRow) -> RowResult<()> {
        unless_raced(self.tables().app_profiles.insert(row.identity, row.clone()))
    }

    async fn update_app_profile(
        &mut self,
        row: &AppProfileRow,
        read_refreshed_at: Timestamp,
    ) -> RowResult<()> {
        let was_read = |known: &AppProfileRow| known.refreshed_at == read_refreshed_at;
        let profiles = &mut self.tables().app_profiles;
        unless_raced(profiles.update(&row.identity, was_read, |known| *known = row.clone()))
    }

    async fn delete_app_profile(&mut self, identity: IdentityId) -> RowResult<()> {
        self.tables().app_profiles.remove(&identity);
        Ok(())
    }
}
