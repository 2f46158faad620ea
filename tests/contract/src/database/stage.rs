//! The store under test, and the steps that many cases begin with.

use std::sync::Arc;

use saoma_domain::{
    account::{AccountId, Identity, IdentityId},
    login::{ExpiryReason, Login, LoginEvent, LoginId, LoginState},
    ports::{
        Accounts, AppProfiles, AuditEntry, AuditKind, AuditTrail, Binding, Bound, LoginRecord, Logins,
        Merges, NewSession, PendingLink, People, Pruning, Scan, ScanRecord, ScanTaken, Sessions,
        StoredSession, UnionIdLink,
    },
    time::Timestamp,
    wechat::OpenId,
};

use crate::{
    patiently,
    values::{at, binding, login, new_session, scan},
};

const WORKS: &str = "the store works";

/// One store, by all of its ports.
#[derive(Clone)]
pub struct DatabaseStage {
    pub(crate) logins: Arc<dyn Logins>,
    pub(crate) accounts: Arc<dyn Accounts>,
    pub(crate) sessions: Arc<dyn Sessions>,
    pub(crate) trail: Arc<dyn AuditTrail>,
    pub(crate) pruning: Arc<dyn Pruning>,
    pub(crate) people: Arc<dyn People>,
    pub(crate) merges: Arc<dyn Merges>,
    pub(crate) profiles: Arc<dyn AppProfiles>,
}

impl DatabaseStage {
    /// Puts a fresh store up for one case.
    pub fn new<L>(store: L) -> Self
    where
        L: Logins + Accounts + Sessions + AuditTrail + Pruning + People + Merges + AppProfiles + 'static,
    {
        let store = Arc::new(store);
        Self {
            logins: store.clone(),
            accounts: store.clone(),
            sessions: store.clone(),
            trail: store.clone(),
            people: store.clone(),
            merges: store.clone(),
            profiles: store.clone(),
            pruning: store,
        }
    }

    /// Lets Anna register with the login 1; returns her account and her identity.
    pub(crate) async fn anna(&self) -> (AccountId, IdentityId) {
        let identity = self.first(scan(login(1), "oAnna")).await.identity;
        (self.bound(binding(login(1), 1)).await.1, identity)
    }

    /// Lets a login link the person who scans to an account.
    pub(crate) async fn add_pending_link(&self, login: LoginId, account: AccountId) {
        self.add_pending_link_at(login, account, at(0)).await;
    }

    /// As [`DatabaseStage::add_pending_link`], asked for at a moment.
    pub(crate) async fn add_pending_link_at(&self, login: LoginId, account: AccountId, at: Timestamp) {
        self.logins.add_pending_link(PendingLink { login, account, at }).await.expect(WORKS);
    }

    pub(crate) async fn take(&self, scan: Scan) -> ScanTaken {
        patiently(|| self.logins.take_scan(scan.clone())).await
    }

    /// Takes a scan that has to be the first of its login.
    pub(crate) async fn first(&self, scan: Scan) -> ScanRecord {
        match self.take(scan).await {
            ScanTaken::First(record) => record,
            other => panic!("not the first scan: {other:?}"),
        }
    }

    pub(crate) async fn bind(&self, binding: Binding) -> Bound {
        patiently(|| self.logins.bind(binding.clone())).await
    }

    /// Binds a login that has to become registered by it.
    pub(crate) async fn bound(&self, binding: Binding) -> (Login, AccountId) {
        match self.bind(binding).await {
            Bound::Registered(login) | Bound::ByNumberAlone(login) => {
                let account = account_of(&login);
                (login, account)
            }
            other => panic!("not registered: {other:?}"),
        }
    }

    pub(crate) async fn link(&self, link: UnionIdLink) -> Option<Login> {
        patiently(|| self.logins.link(link.clone())).await
    }

    pub(crate) async fn end(&self, id: LoginId, event: LoginEvent, at: Timestamp) -> Login {
        patiently(|| self.logins.end(id, event.clone(), at)).await
    }

    pub(crate) async fn find(&self, id: LoginId) -> Option<LoginRecord> {
        self.logins.find(id).await.expect(WORKS)
    }

    /// Returns a login that has to have a record.
    pub(crate) async fn login(&self, id: LoginId) -> Login {
        self.find(id).await.expect("the login has a record").login
    }

    /// Lets a follower of the app `main` scan a login and bind a phone number.
    pub(crate) async fn register(&self, login: LoginId, follower: &str, phone: u32) -> AccountId {
        self.first(scan(login, follower)).await;
        self.bound(binding(login, phone)).await.1
    }

    pub(crate) async fn identity(&self, id: IdentityId) -> Option<Identity> {
        self.accounts.identity(id).await.expect(WORKS)
    }

    pub(crate) async fn openids(&self, account: AccountId) -> Vec<OpenId> {
        let identities = self.accounts.identities(account).await.expect(WORKS);
        identities.into_iter().map(|identity| identity.openid).collect()
    }

    pub(crate) async fn has_account(&self, id: AccountId) -> bool {
        self.accounts.account(id).await.expect(WORKS).is_some()
    }

    pub(crate) async fn open(&self, session: NewSession) -> StoredSession {
        patiently(|| self.sessions.issue(session.clone()))
            .await
            .expect("its account's sessions were not ended since")
    }

    /// Issues a session for a new login of a person who has an account.
    pub(crate) async fn open_another(&self, login: LoginId, follower: &str, number: u64) -> StoredSession {
        let record = self.first(scan(login, follower)).await;
        self.open(new_session(login, account_of(&record.login), number)).await
    }

    pub(crate) async fn entries(&self, account: AccountId) -> Vec<AuditEntry> {
        self.trail.entries(account, 1000).await.expect(WORKS)
    }

    pub(crate) async fn kinds(&self, account: AccountId) -> Vec<AuditKind> {
        self.entries(account).await.into_iter().map(|entry| entry.kind).collect()
    }

    pub(crate) async fn prune(&self, now: Timestamp, batch: u32) -> u64 {
        self.pruning.prune(now, batch).await.expect(WORKS)
    }

    /// Prunes until nothing is left to be removed.
    pub(crate) async fn prune_all(&self, now: Timestamp) {
        for _ in 0..100 {
            if self.prune(now, 100).await == 0 {
                return;
            }
        }
        panic!("pruning never comes to an end");
    }
}

/// Returns the account of a login that has to be registered.
pub(crate) fn account_of(login: &Login) -> AccountId {
    match &login.state {
        LoginState::Registered { account, .. } => *account,
        other => panic!("not registered: {other:?}"),
    }
}

/// Returns the identity of a login that has to wait for a phone number.
pub(crate) fn identity_of(login: &Login) -> IdentityId {
    match &login.state {
        LoginState::Unregistered { identity: Some(identity), .. } => *identity,
        other => panic!("not waiting for a phone number: {other:?}"),
    }
}

/// Returns why a login has to be over at a moment.
pub(crate) fn reason_of(login: &Login, at: Timestamp) -> ExpiryReason {
    match login.clone().at(at).state {
        LoginState::Expired { reason, .. } => reason,
        other => panic!("not over: {other:?}"),
    }
}
