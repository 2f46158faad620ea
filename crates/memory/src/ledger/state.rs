//! The rows, and the look-ups and steps that several ports share.

use std::collections::{BTreeMap, HashMap};

use saoma_domain::{
    account::{Account, AccountId, Identity, IdentityId, PhoneNumber},
    login::{Asker, Login, LoginId},
    ports::{AuditEntry, AuditKind, BindingProof, StoreError},
    session::{Session, SessionTokenHash},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

/// Who scanned a login's code, and when.
#[derive(Clone, Debug)]
pub(super) struct ScanRow {
    pub(super) identity: IdentityId,
    pub(super) known: bool,
    pub(super) asker: Asker,
    pub(super) at: Timestamp,
}

#[derive(Clone, Debug)]
pub(super) struct LoginRow {
    pub(super) login: Login,
    pub(super) scan: Option<ScanRow>,
    pub(super) proof: Option<BindingProof>,
}

#[derive(Clone, Debug)]
pub(super) struct SessionRow {
    pub(super) session: Session,
    pub(super) token_hash: SessionTokenHash,
    pub(super) ended: Option<Timestamp>,
}

/// Everything that the ledger holds; identities and sessions in the order in which they were made.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) accounts: HashMap<AccountId, Account>,
    pub(super) identities: Vec<Identity>,
    pub(super) logins: BTreeMap<LoginId, LoginRow>,
    pub(super) sessions: Vec<SessionRow>,
    /// When an account's sessions were all ended last.
    pub(super) all_ended: HashMap<AccountId, Timestamp>,
    pub(super) trail: Vec<AuditEntry>,
}

impl State {
    pub(super) fn identity_of(&self, app: &AppName, openid: &OpenId) -> Option<&Identity> {
        self.identities.iter().find(|identity| identity.app == *app && identity.openid == *openid)
    }

    pub(super) fn identity(&self, id: IdentityId) -> Result<&Identity, StoreError> {
        self.identities.iter().find(|identity| identity.id == id).ok_or_else(|| no_identity(id))
    }

    pub(super) fn identity_mut(&mut self, id: IdentityId) -> Result<&mut Identity, StoreError> {
        self.identities.iter_mut().find(|identity| identity.id == id).ok_or_else(|| no_identity(id))
    }

    pub(super) fn account_with(&self, phone: &PhoneNumber) -> Option<AccountId> {
        self.accounts.values().find(|account| account.phone == *phone).map(|account| account.id)
    }

    /// Returns whether an account has an identity of this app.
    pub(super) fn has_user_of(&self, account: AccountId, app: &AppName) -> bool {
        self.identities.iter().any(|identity| identity.account == Some(account) && identity.app == *app)
    }

    /// Binds an identity to an account and writes that down.
    pub(super) fn bind(
        &mut self,
        identity: IdentityId,
        account: AccountId,
        login: LoginId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.identity_mut(identity)?.account = Some(account);
        self.note(at, AuditKind::IdentityBound, account, login);
        Ok(())
    }

    pub(super) fn note(&mut self, at: Timestamp, kind: AuditKind, account: AccountId, login: LoginId) {
        self.trail.push(AuditEntry { at, kind, account, login: Some(login) });
    }
}

fn no_identity(id: IdentityId) -> StoreError {
    StoreError::Corrupt(format!("there is no identity {id}"))
}
