//! Accounts, their identities and their trail.

use std::collections::HashSet;

use async_trait::async_trait;
use saoma_domain::{
    account::{Account, AccountId, Conflict, Identity, IdentityId, VerifiedPhone},
    ports::{
        Accounts, AuditEntry, AuditKind, AuditTrail, FollowChange, Health, LOGIN_KEPT_FOR, PhoneChanged,
        Removal, Removed, StoreError,
    },
    time::Timestamp,
    wechat::{AppName, OpenId},
};

use super::{MemoryLedger, state::State};

/// How many conflicts a list has at the most.
const CONFLICTS: usize = 100;

#[async_trait]
impl Accounts for MemoryLedger {
    async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        Ok(self.begin()?.accounts.get(&id).cloned())
    }

    async fn identity(&self, id: IdentityId) -> Result<Option<Identity>, StoreError> {
        Ok(self.begin()?.identity(id).ok().cloned())
    }

    async fn identity_of(&self, app: &AppName, openid: &OpenId) -> Result<Option<Identity>, StoreError> {
        Ok(self.begin()?.identity_of(app, openid).cloned())
    }

    async fn identities(&self, account: AccountId) -> Result<Vec<Identity>, StoreError> {
        Ok(self.begin()?.identities_of(account).cloned().collect())
    }

    async fn conflicts(&self, account: AccountId) -> Result<Vec<Conflict>, StoreError> {
        Ok(self.begin()?.conflicts(account))
    }

    async fn remove_identity(&self, removal: Removal) -> Result<Removed, StoreError> {
        self.begin()?.remove_identity(&removal)
    }

    async fn change_phone(
        &self,
        account: AccountId,
        phone: VerifiedPhone,
        at: Timestamp,
    ) -> Result<PhoneChanged, StoreError> {
        self.begin()?.change_phone(account, &phone, at)
    }

    async fn record_follow(&self, subscription: FollowChange) -> Result<Option<AccountId>, StoreError> {
        Ok(self.begin()?.record_follow(&subscription))
    }

    async fn set_disabled(&self, id: AccountId, disabled: bool) -> Result<bool, StoreError> {
        let mut state = self.begin()?;
        let account = state.accounts.get_mut(&id);
        Ok(account.map(|account| account.disabled = disabled).is_some())
    }
}

impl State {
    pub(super) fn conflicts(&self, account: AccountId) -> Vec<Conflict> {
        let mut conflicts = Vec::new();
        for identity in self.identities_of(account) {
            let Some(union) = &identity.union else { continue };
            let others = self.accounts_of(union).into_iter().filter(|other| *other != account);
            let mut others: Vec<_> = others.filter_map(|other| self.accounts.get(&other).cloned()).collect();
            others.sort_by_key(|other| (other.created_at, other.id));
            conflicts.extend(others.into_iter().map(|other| Conflict { identity: identity.clone(), other }));
        }
        conflicts.truncate(CONFLICTS);
        conflicts
    }

    fn remove_identity(&mut self, removal: &Removal) -> Result<Removed, StoreError> {
        let &Removal { account, identity, asked_by, at } = removal;
        if !self.identities_of(account).any(|its| its.id == identity) {
            return Ok(Removed::Unknown);
        }
        if self.identities_of(account).count() == 1 {
            return Ok(Removed::LastOne);
        }
        let row = self.identity_mut(identity)?;
        row.identity.account = None;
        row.bound_since = None;
        row.kept_until = at.plus(LOGIN_KEPT_FOR);
        self.note(at, AuditKind::IdentityUnlinked, account, None);
        let logins = self.logins.values();
        let of_others = logins.filter(|row| row.scan.as_ref().is_some_and(|scan| scan.identity != identity));
        let of_others: HashSet<_> = of_others.map(|row| row.login.id).collect();
        let ended = self.end_sessions(account, at, |session| {
            session.id != asked_by && !of_others.contains(&session.login)
        });
        Ok(Removed::Done { ended })
    }

    fn change_phone(
        &mut self,
        account: AccountId,
        phone: &VerifiedPhone,
        at: Timestamp,
    ) -> Result<PhoneChanged, StoreError> {
        let owner = self.account_with(phone.number());
        let changed = self.account_mut(account)?;
        match owner {
            Some(owner) if owner == account => Ok(PhoneChanged::Done),
            Some(_) => Ok(PhoneChanged::Taken),
            None => {
                changed.phone = phone.number().clone();
                self.note(at, AuditKind::PhoneChanged, account, None);
                Ok(PhoneChanged::Done)
            }
        }
    }

    fn record_follow(&mut self, noted: &FollowChange) -> Option<AccountId> {
        let mut people = self.identities.iter_mut().map(|row| &mut row.identity);
        let identity = people.find(|it| it.app == noted.app && it.openid == noted.openid)?;
        let account = identity.account;
        if noted.subscribed {
            identity.unsubscribed_at = identity.unsubscribed_at.filter(|since| *since > noted.at);
        } else if identity.unsubscribed_at.is_none() {
            identity.unsubscribed_at = Some(noted.at);
            if let Some(account) = account {
                self.note(noted.at, AuditKind::Unfollowed, account, None);
            }
        }
        account
    }
}

#[async_trait]
impl AuditTrail for MemoryLedger {
    async fn entries(&self, account: AccountId, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let state = self.begin()?;
        let mut entries: Vec<_> = state.trail.iter().filter(|entry| entry.account == account).collect();
        // Nodes whose clocks differ write in another order than that of their times.
        entries.sort_by_key(|entry| entry.at);
        Ok(entries.into_iter().take(limit).cloned().collect())
    }
}

#[async_trait]
impl Health for MemoryLedger {
    async fn ping(&self) -> Result<(), StoreError> {
        self.begin().map(drop)
    }
}
