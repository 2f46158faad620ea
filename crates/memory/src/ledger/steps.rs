//! The transactions about logins: look, let the state machine decide, write.

use std::collections::hash_map::Entry;

use saoma_domain::{
    account::{Account, AccountId, Identity, IdentityId},
    login::{Login, LoginEvent, LoginState},
    ports::{AuditKind, Binding, Bound, Scan, ScanRecord, ScanTaken, StoreError, UnionLink},
};

use super::state::{LoginRow, ScanRow, State};

impl State {
    pub(super) fn take_scan(&mut self, scan: Scan) -> Result<ScanTaken, StoreError> {
        let identity = self.identity_of(&scan.app, &scan.openid);
        let (known_as, account) = (identity.map(|it| it.id), identity.and_then(|it| it.account));
        if let Some(row) = self.logins.get(&scan.login) {
            return repeated(row, known_as);
        }
        let identity = known_as.unwrap_or(scan.new_identity);
        let event = LoginEvent::Scanned { identity, account, window: scan.window };
        let login = match Login::new(scan.login).apply(event, scan.at) {
            Ok(login) => login,
            Err(refusal) => return over(&refusal.login),
        };
        let row = ScanRow { identity, known: account.is_some(), asker: scan.asker, at: scan.at };
        let record = row.record(login.clone());
        self.logins.insert(scan.login, LoginRow { login, scan: Some(row), proof: None });
        if known_as.is_none() {
            self.identities.push(Identity {
                id: identity,
                app: scan.app,
                channel: scan.channel,
                openid: scan.openid,
                unionid: None,
                account: None,
                nickname: None,
                avatar_url: None,
            });
        }
        Ok(ScanTaken::First(record))
    }

    pub(super) fn bind_phone(&mut self, binding: &Binding) -> Result<Bound, StoreError> {
        let Some(row) = self.logins.get(&binding.login).cloned() else {
            return Ok(Bound::Refused(Login::new(binding.login)));
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
            self.note(binding.at, AuditKind::AccountCreated, account, binding.login);
        }
        self.bind(identity, account, binding.login, binding.at)
    }

    pub(super) fn link(&mut self, link: &UnionLink) -> Result<Option<Login>, StoreError> {
        self.identity_mut(link.identity)?.unionid = Some(link.unionid.clone());
        let account = match self.identity(link.identity)?.account {
            Some(account) => account,
            None => match self.account_by_union(link)? {
                Some(account) => {
                    self.bind(link.identity, account, link.login, link.at)?;
                    account
                }
                None => return Ok(None),
            },
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

    /// Returns the account of another identity of the same person, unless it has a user of this app.
    fn account_by_union(&self, link: &UnionLink) -> Result<Option<AccountId>, StoreError> {
        let app = &self.identity(link.identity)?.app;
        Ok(self
            .identities
            .iter()
            .filter(|other| other.unionid.as_ref() == Some(&link.unionid))
            .filter_map(|other| other.account)
            .find(|account| !self.has_user_of(*account, app)))
    }
}

impl ScanRow {
    fn record(&self, login: Login) -> ScanRecord {
        ScanRecord {
            login,
            identity: self.identity,
            known: self.known,
            asker: self.asker.clone(),
            at: self.at,
        }
    }
}

/// Answers a scan of a login that has a record.
fn repeated(row: &LoginRow, scanned_by: Option<IdentityId>) -> Result<ScanTaken, StoreError> {
    match &row.scan {
        None => over(&row.login),
        Some(scan) if scanned_by == Some(scan.identity) => {
            Ok(ScanTaken::Again(scan.record(row.login.clone())))
        }
        Some(_) => Ok(ScanTaken::ByAnother),
    }
}

fn over(login: &Login) -> Result<ScanTaken, StoreError> {
    match &login.state {
        LoginState::Expired { reason, .. } => Ok(ScanTaken::Over(*reason)),
        LoginState::Loop { .. } | LoginState::Unregistered { .. } | LoginState::Registered { .. } => {
            Err(StoreError::Corrupt(format!("login {} went on without a scan", login.id)))
        }
    }
}
