//! The ports on whichever backend the URL chose.

use async_trait::async_trait;
use saoma_domain::{
    account::{Account, AccountId, Conflict, Identity, IdentityId, VerifiedPhone},
    login::{Login, LoginEvent, LoginId},
    ports::{
        Accounts, ActiveSession, AuditEntry, AuditTrail, Binding, Bound, CodeHash, FollowChange, Health,
        LoginRecord, Logins, NewSession, OneTimeCodes, PendingLink, PhoneChanged, Pruning, Redemption,
        Removal, Removed, Scan, ScanTaken, Sessions, StoreError, StoredSession, UnionIdLink,
    },
    session::{Session, SessionId, SessionTokenHash},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

use crate::Database;

#[async_trait]
impl Logins for Database {
    async fn add_pending_link(&self, pending_link: PendingLink) -> Result<(), StoreError> {
        self.backend.add_pending_link(pending_link).await
    }

    async fn take_scan(&self, scan: Scan) -> Result<ScanTaken, StoreError> {
        self.backend.take_scan(scan).await
    }

    async fn bind(&self, binding: Binding) -> Result<Bound, StoreError> {
        self.backend.bind(binding).await
    }

    async fn link(&self, link: UnionIdLink) -> Result<Option<Login>, StoreError> {
        self.backend.link(link).await
    }

    async fn end(&self, id: LoginId, event: LoginEvent, at: Timestamp) -> Result<Login, StoreError> {
        Logins::end(&*self.backend, id, event, at).await
    }

    async fn find(&self, id: LoginId) -> Result<Option<LoginRecord>, StoreError> {
        Logins::find(&*self.backend, id).await
    }

    async fn find_many(&self, ids: &[LoginId]) -> Result<Vec<Login>, StoreError> {
        self.backend.find_many(ids).await
    }
}

#[async_trait]
impl Accounts for Database {
    async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.backend.account(id).await
    }

    async fn identity(&self, id: IdentityId) -> Result<Option<Identity>, StoreError> {
        self.backend.identity(id).await
    }

    async fn identity_of(&self, app: &AppName, openid: &OpenId) -> Result<Option<Identity>, StoreError> {
        self.backend.identity_of(app, openid).await
    }

    async fn identities(&self, account: AccountId) -> Result<Vec<Identity>, StoreError> {
        self.backend.identities(account).await
    }

    async fn conflicts(&self, account: AccountId) -> Result<Vec<Conflict>, StoreError> {
        self.backend.conflicts(account).await
    }

    async fn remove_identity(&self, removal: Removal) -> Result<Removed, StoreError> {
        self.backend.remove_identity(removal).await
    }

    async fn change_phone(
        &self,
        account: AccountId,
        phone: VerifiedPhone,
        at: Timestamp,
    ) -> Result<PhoneChanged, StoreError> {
        self.backend.change_phone(account, phone, at).await
    }

    async fn record_follow(&self, subscription: FollowChange) -> Result<Option<AccountId>, StoreError> {
        self.backend.record_follow(subscription).await
    }

    async fn set_disabled(&self, id: AccountId, disabled: bool) -> Result<bool, StoreError> {
        self.backend.set_disabled(id, disabled).await
    }
}

#[async_trait]
impl Sessions for Database {
    async fn issue(&self, session: NewSession) -> Result<Option<StoredSession>, StoreError> {
        self.backend.issue(session).await
    }

    async fn find(&self, token_hash: &SessionTokenHash) -> Result<Option<ActiveSession>, StoreError> {
        Sessions::find(&*self.backend, token_hash).await
    }

    async fn touch(&self, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
        self.backend.touch(id, at).await
    }

    async fn list(&self, account: AccountId) -> Result<Vec<Session>, StoreError> {
        self.backend.list(account).await
    }

    async fn tokens_of(&self, account: AccountId) -> Result<Vec<SessionTokenHash>, StoreError> {
        self.backend.tokens_of(account).await
    }

    async fn end(
        &self,
        account: AccountId,
        id: SessionId,
        at: Timestamp,
    ) -> Result<Option<SessionTokenHash>, StoreError> {
        Sessions::end(&*self.backend, account, id, at).await
    }

    async fn end_all(&self, account: AccountId, at: Timestamp) -> Result<Vec<SessionTokenHash>, StoreError> {
        self.backend.end_all(account, at).await
    }

    async fn end_until(
        &self,
        account: AccountId,
        until: Timestamp,
        at: Timestamp,
    ) -> Result<Vec<SessionTokenHash>, StoreError> {
        self.backend.end_until(account, until, at).await
    }
}

#[async_trait]
impl OneTimeCodes for Database {
    async fn redeem(&self, what: CodeHash, by: CodeHash, until: Timestamp) -> Result<Redemption, StoreError> {
        self.backend.redeem(what, by, until).await
    }
}

#[async_trait]
impl AuditTrail for Database {
    async fn entries(&self, account: AccountId, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        self.backend.entries(account, limit).await
    }
}

#[async_trait]
impl Pruning for Database {
    async fn prune(&self, now: Timestamp, batch: u32) -> Result<u64, StoreError> {
        self.backend.prune(now, batch).await
    }
}

#[async_trait]
impl Health for Database {
    async fn ping(&self) -> Result<(), StoreError> {
        self.backend.ping().await
    }
}
