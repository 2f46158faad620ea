//! The rows, and the look-ups and steps that several ports share.

use std::collections::{BTreeMap, HashMap};

use saoma_domain::{
    account::{Account, AccountId, Identity, IdentityId, PhoneNumber},
    login::{ClientInfo, Login, LoginId},
    ports::{AuditEntry, AuditKind, BindingProof, CodeHash, PendingLink, StoreError},
    session::{Session, SessionTokenHash},
    time::Timestamp,
    wechat::{AppName, OpenId, UnionId},
};

/// Who scanned a login's code, and when.
#[derive(Clone, Debug)]
pub(super) struct ScanRow {
    pub(super) identity: IdentityId,
    pub(super) known: bool,
    pub(super) linked: bool,
    pub(super) client_info: ClientInfo,
    pub(super) at: Timestamp,
}

/// An identity, and what its place among others and its end depend on.
#[derive(Clone, Debug)]
pub(super) struct IdentityRow {
    pub(super) identity: Identity,
    pub(super) made_at: Timestamp,
    /// Since when it is bound, if it is.
    pub(super) bound_since: Option<Timestamp>,
    /// Until when it is kept without an account.
    pub(super) kept_until: Timestamp,
}

#[derive(Clone, Debug)]
pub(super) struct LoginRow {
    pub(super) login: Login,
    pub(super) scan: Option<ScanRow>,
    /// Whether it was to add an identity to an account, and the one that scanned could not be added.
    pub(super) link_refused: bool,
    pub(super) proof: Option<BindingProof>,
}

impl LoginRow {
    /// Makes the row of a login that nobody has scanned.
    pub(super) fn unscanned(login: Login) -> Self {
        Self { login, scan: None, link_refused: false, proof: None }
    }
}

/// Who has something that may be used once, and how long that is remembered.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClaimRow {
    pub(super) by: CodeHash,
    pub(super) until: Timestamp,
}

#[derive(Clone, Debug)]
pub(super) struct SessionRow {
    pub(super) session: Session,
    pub(super) token_hash: SessionTokenHash,
    pub(super) ended: Option<Timestamp>,
}

/// Everything that the ledger holds.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) accounts: HashMap<AccountId, Account>,
    pub(super) identities: Vec<IdentityRow>,
    /// The logins that are to add an identity to an account, and that nothing has happened to.
    pub(super) pending_links: BTreeMap<LoginId, PendingLink>,
    /// The logins that something happened to.
    pub(super) logins: BTreeMap<LoginId, LoginRow>,
    pub(super) one_time_codes: HashMap<CodeHash, ClaimRow>,
    pub(super) sessions: Vec<SessionRow>,
    /// When an account's sessions were all ended last.
    pub(super) all_ended: HashMap<AccountId, Timestamp>,
    pub(super) trail: Vec<AuditEntry>,
}

impl State {
    pub(super) fn identity_of(&self, app: &AppName, openid: &OpenId) -> Option<&Identity> {
        let mut people = self.identities.iter().map(|row| &row.identity);
        people.find(|identity| identity.app == *app && identity.openid == *openid)
    }

    pub(super) fn identity(&self, id: IdentityId) -> Result<&Identity, StoreError> {
        let row = self.identities.iter().find(|row| row.identity.id == id);
        row.map(|row| &row.identity).ok_or_else(|| no_identity(id))
    }

    pub(super) fn identity_mut(&mut self, id: IdentityId) -> Result<&mut IdentityRow, StoreError> {
        self.identities.iter_mut().find(|row| row.identity.id == id).ok_or_else(|| no_identity(id))
    }

    pub(super) fn account_with(&self, phone: &PhoneNumber) -> Option<AccountId> {
        self.accounts.values().find(|account| account.phone == *phone).map(|account| account.id)
    }

    pub(super) fn account_mut(&mut self, id: AccountId) -> Result<&mut Account, StoreError> {
        let missing = || StoreError::Corrupt(format!("there is no account {id}"));
        self.accounts.get_mut(&id).ok_or_else(missing)
    }

    /// Returns the identities that are bound to an account, the oldest first.
    pub(super) fn identities_of(&self, account: AccountId) -> impl Iterator<Item = &Identity> {
        let bound = self.identities.iter().filter(|row| row.identity.account == Some(account));
        let mut bound: Vec<_> = bound.collect();
        bound.sort_by_key(|row| (row.made_at, row.identity.id));
        bound.into_iter().map(|row| &row.identity)
    }

    /// Returns the accounts of a person within an open-platform account, the longest bound first.
    pub(super) fn accounts_of(&self, union: &UnionId) -> Vec<AccountId> {
        let theirs = self.identities.iter().filter(|row| row.identity.union.as_ref() == Some(union));
        let mut bound: Vec<_> = theirs
            .filter_map(|row| Some((row.bound_since?, row.identity.id, row.identity.account?)))
            .collect();
        bound.sort_unstable();
        let mut accounts = Vec::new();
        for (_, _, account) in bound {
            if !accounts.contains(&account) {
                accounts.push(account);
            }
        }
        accounts
    }

    /// Returns whether an account has an identity of this app.
    pub(super) fn has_user_of(&self, account: AccountId, app: &AppName) -> bool {
        self.identities_of(account).any(|identity| identity.app == *app)
    }

    /// Binds an identity to an account and writes that down.
    pub(super) fn bind(
        &mut self,
        identity: IdentityId,
        account: AccountId,
        login: LoginId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let row = self.identity_mut(identity)?;
        row.identity.account = Some(account);
        row.bound_since = Some(at);
        self.note(at, AuditKind::IdentityLinked, account, Some(login));
        Ok(())
    }

    /// Keeps what became of a login, which is not only expected any more.
    pub(super) fn record(&mut self, row: LoginRow) {
        self.pending_links.remove(&row.login.id);
        self.logins.insert(row.login.id, row);
    }

    /// Returns whether an account's trail has an entry of these kinds from a moment on.
    pub(super) fn has_happened_since(
        &self,
        account: AccountId,
        kinds: &[AuditKind],
        since: Timestamp,
    ) -> bool {
        let mut entries = self.trail.iter().filter(|entry| entry.account == account && entry.at >= since);
        entries.any(|entry| kinds.contains(&entry.kind))
    }

    pub(super) fn note(
        &mut self,
        at: Timestamp,
        kind: AuditKind,
        account: AccountId,
        login: Option<LoginId>,
    ) {
        self.trail.push(AuditEntry { at, kind, account, login });
    }
}

fn no_identity(id: IdentityId) -> StoreError {
    StoreError::Corrupt(format!("there is no identity {id}"))
}
