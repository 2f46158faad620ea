//! Rows of what OpenID clients were granted.

use saoma_domain::{
    account::AccountId,
    oidc::{ClientId, GrantId, Scopes},
    rules::rows::{GrantRow, GrantRows, RowResult},
    time::Timestamp,
};

use super::{MemoryRows, unless_raced};

impl GrantRows for MemoryRows<'_> {
    async fn grant(&mut self, id: GrantId) -> RowResult<Option<GrantRow>> {
        Ok(self.tables().grants.get(&id).cloned())
    }

    async fn insert_grant(&mut self, row: &GrantRow) -> RowResult<()> {
        unless_raced(self.tables().grants.insert(row.grant.id, row.clone()))
    }

    async fn update_grant(&mut self, row: &GrantRow) -> RowResult<()> {
        let is_as_read = |known: &GrantRow| known.version == row.version;
        let next = GrantRow { version: row.version + 1, ..row.clone() };
        unless_raced(self.tables().grants.update(&row.grant.id, is_as_read, |known| *known = next))
    }

    async fn consent(&mut self, account: AccountId, client: &ClientId) -> RowResult<Option<Scopes>> {
        Ok(self.tables().client_consents.get(&(account, client.clone())).copied())
    }

    async fn save_consent(
        &mut self,
        account: AccountId,
        client: &ClientId,
        scopes: Scopes,
        _: Timestamp,
    ) -> RowResult<()> {
        let (client_consents, key) = (&mut self.tables().client_consents, (account, client.clone()));
        client_consents.remove(&key);
        unless_raced(client_consents.insert(key, scopes))
    }

    async fn delete_grants(&mut self, account: AccountId) -> RowResult<()> {
        let tables = self.tables();
        let grants: Vec<_> = tables.grants.keys_of(|row| row.grant.account == account).collect();
        grants.iter().for_each(|key| tables.grants.remove(key));
        let agreed: Vec<_> =
            tables.client_consents.keys().filter(|(of, _)| *of == account).cloned().collect();
        agreed.iter().for_each(|key| tables.client_consents.remove(key));
        Ok(())
    }
}
