//! Binding and linking: look, let the state machine decide, write.

use std::collections::hash_map::Entry;

use saoma_domain::{
    account::{Account, AccountId, IdentityId},
    login::{Login, LoginEvent, LoginId, LoginState},
    ports::{AuditKind, Binding, Bound, StoreError, UnionIdLink},
    time::Timestamp,
    wechat::{AppName, UnionId},
};

use super::state::{LoginRow, State};

impl State {
    pub(super) fn bind_phone(&mut self, binding: &Binding) -> Result<Bound, StoreError> {
        let Some(row) = self.logins.get(&binding.login).cloned() else {
            return Ok(Bound::Refused(Login::new(binding.login).at(binding.at)));
        };
        if row.proof == Some(binding.proof) {
            return Ok(Bound::Registered(row.login));
        }
        let login = row.login.clone().at(binding.at);
        let LoginState::Unregistered { identity, .. } = login.state else {
            return Ok(Bound::Refused(login));
        };
        let Some(account) = self.account_to_bind(identity, binding)? else {
            return Ok(Bound::PhoneTaken);
        };
        let event = LoginEvent::Bound { account, window: binding.window };
        let login = match login.apply(event, binding.at) {
            Ok(login) => login,
            Err(refusal) => return Ok(Bound::Refused(refusal.login)),
        };
        let proof = Some(binding.proof);
        self.logins.insert(binding.login, LoginRow { login: login.clone(), proof, ..row });
        self.write_binding(identity, account, binding)?;
        Ok(Bound::Registered(login))
    }

    /// Returns the account that a binding leads to: the identity's own, else the number's, else a new one;
    /// `None` when the number's account has another user of the identity's app.
    fn account_to_bind(&self, id: IdentityId, binding: &Binding) -> Result<Option<AccountId>, StoreError> {
        let identity = self.identity(id)?;
        if identity.account.is_some() {
            return Ok(identity.account);
        }
        Ok(match self.account_with(binding.phone.number()) {
            Some(account) if self.has_user_of(account, &identity.app) => None,
            Some(account) => Some(account),
            None => Some(binding.new_account),
        })
    }

    fn write_binding(
        &mut self,
        identity: IdentityId,
        account: AccountId,
        binding: &Binding,
    ) -> Result<(), StoreError> {
        if self.identity(identity)?.account.is_some() {
            return Ok(());
        }
        if let Entry::Vacant(vacant) = self.accounts.entry(account) {
            let phone = binding.phone.number().clone();
            let new = Account { id: account, phone, created_at: binding.at, disabled: false };
            vacant.insert(new);
            self.note(binding.at, AuditKind::AccountCreated, account, Some(binding.login));
        }
        self.bind(identity, account, binding.login, binding.at)
    }

    pub(super) fn link(&mut self, link: &UnionIdLink) -> Result<Option<Login>, StoreError> {
        let is_new = self.note_union(link.identity, &link.union)?;
        let account = match self.identity(link.identity)?.account {
            Some(account) => {
                if is_new {
                    self.note_conflict(account, &link.union, link.login, link.at);
                }
                account
            }
            None => {
                let app = self.identity(link.identity)?.app.clone();
                let Some(account) = self.free_account_of(&link.union, &app) else { return Ok(None) };
                self.bind(link.identity, account, link.login, link.at)?;
                account
            }
        };
        let Some(row) = self.logins.get_mut(&link.login) else {
            return Ok(None);
        };
        let scanned_by = row.scan.as_ref().map(|scan| scan.identity);
        let event = LoginEvent::Bound { account, window: link.window };
        let moved =
            row.login.clone().apply(event, link.at).ok().filter(|_| scanned_by == Some(link.identity));
        if let Some(login) = &moved {
            row.login = login.clone();
        }
        Ok(moved)
    }

    /// Notes an identity's unionid, and returns whether it is new to it.
    pub(super) fn note_union(&mut self, id: IdentityId, union: &UnionId) -> Result<bool, StoreError> {
        let identity = &mut self.identity_mut(id)?.identity;
        let is_new = identity.union.as_ref() != Some(union);
        identity.union = Some(union.clone());
        Ok(is_new)
    }

    /// Returns the longest bound account of a person that has no user of an app.
    pub(super) fn free_account_of(&self, union: &UnionId, app: &AppName) -> Option<AccountId> {
        self.accounts_of(union).into_iter().find(|account| !self.has_user_of(*account, app))
    }

    /// Writes into the trails that other accounts are the same person's, if there are any.
    pub(super) fn note_conflict(
        &mut self,
        account: AccountId,
        union: &UnionId,
        login: LoginId,
        at: Timestamp,
    ) {
        let mut concerned = self.accounts_of(union);
        concerned.retain(|other| *other != account);
        if !concerned.is_empty() {
            concerned.insert(0, account);
        }
        for account in concerned {
            self.note(at, AuditKind::ConflictFound, account, Some(login));
        }
    }
}
