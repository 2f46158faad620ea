//! Accounts, their identities and their trail.

use async_trait::async_trait;
use saoma_domain::{
    account::{Account, AccountId, Identity},
    ports::{Accounts, AuditEntry, AuditTrail, Health, StoreError},
};

use super::MemoryLedger;

#[async_trait]
impl Accounts for MemoryLedger {
    async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        Ok(self.begin()?.accounts.get(&id).cloned())
    }

    async fn identities(&self, account: AccountId) -> Result<Vec<Identity>, StoreError> {
        let state = self.begin()?;
        Ok(state.identities.iter().filter(|identity| identity.account == Some(account)).cloned().collect())
    }

    async fn set_disabled(&self, id: AccountId, disabled: bool) -> Result<bool, StoreError> {
        let mut state = self.begin()?;
        let account = state.accounts.get_mut(&id);
        Ok(account.map(|account| account.disabled = disabled).is_some())
    }
}

#[async_trait]
impl AuditTrail for MemoryLedger {
    async fn entries(&self, account: AccountId, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let state = self.begin()?;
        Ok(state.trail.iter().filter(|entry| entry.account == account).take(limit).cloned().collect())
    }
}

#[async_trait]
impl Health for MemoryLedger {
    async fn ping(&self) -> Result<(), StoreError> {
        self.begin().map(drop)
    }
}
