//! Rows of accounts.

use saoma_domain::{
    account::{AccountId, PhoneNumber},
    rules::rows::{AccountRow, AccountRows, RowResult},
    time::Timestamp,
};

use super::{MemoryRows, tables::Tables, unless_raced};

impl Tables {
    fn account_with_phone(&self, phone: &PhoneNumber) -> Option<AccountId> {
        self.accounts.key_of(|row| row.account.phone.as_ref() == Some(phone))
    }
}

impl AccountRows for MemoryRows<'_> {
    async fn account(&mut self, id: AccountId) -> RowResult<Option<AccountRow>> {
        Ok(self.tables().accounts.get(&id).cloned())
    }

    async fn account_for_update(&mut self, id: AccountId) -> RowResult<Option<AccountRow>> {
        self.account(id).await
    }

    async fn hold_account(&mut self, _: AccountId) -> RowResult<()> {
        // A transaction has all rows to itself.
        self.tables();
        Ok(())
    }

    async fn account_with_phone(&mut self, phone: &PhoneNumber) -> RowResult<Option<AccountRow>> {
        let tables = self.tables();
        Ok(tables.account_with_phone(phone).and_then(|id| tables.accounts.get(&id).cloned()))
    }

    async fn insert_account(&mut self, row: &AccountRow) -> RowResult<()> {
        let tables = self.tables();
        unless_raced(!tables.has_keys_of(&row.account))?;
        unless_raced(tables.accounts.insert(row.account.id, row.clone()))
    }

    async fn update_phone(&mut self, id: AccountId, phone: &PhoneNumber) -> RowResult<()> {
        let tables = self.tables();
        let owner = tables.account_with_phone(phone);
        let is_there = tables.accounts.update(&id, |_| true, |row| row.account.phone = Some(phone.clone()));
        unless_raced(!is_there || owner.is_none_or(|owner| owner == id))
    }

    async fn update_disabled(&mut self, id: AccountId, disabled: bool) -> RowResult<()> {
        self.tables().accounts.update(&id, |_| true, |row| row.account.disabled = disabled);
        Ok(())
    }

    async fn update_last_seen_at(&mut self, id: AccountId, at: Timestamp) -> RowResult<()> {
        self.tables().accounts.update(&id, |_| true, |row| row.last_seen_at = at);
        Ok(())
    }

    async fn raise_sessions_ended_at(&mut self, id: AccountId, at: Timestamp) -> RowResult<()> {
        let change = |row: &mut AccountRow| row.sessions_ended_at = row.sessions_ended_at.max(Some(at));
        self.tables().accounts.update(&id, |_| true, change);
        Ok(())
    }
}
