//! The truth about logins: what a scan, a binding or a cancellation led to.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreError;
use crate::{
    account::{AccountId, IdentityId, VerifiedPhone},
    login::{Asker, Channel, ExpiryReason, Login, LoginEvent, LoginId},
    time::Timestamp,
    wechat::{AppName, OpenId, UnionId},
};

/// A scan that WeChat reported, ready to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// The login whose code was scanned.
    pub login: LoginId,
    /// The WeChat app that reported it.
    pub app: AppName,
    /// The kind of that app.
    pub channel: Channel,
    /// Who scanned.
    pub openid: OpenId,
    /// Who asked for the login, as far as that is known.
    pub asker: Asker,
    /// When the scan was taken.
    pub at: Timestamp,
    /// How long the person has to bind a phone number, or the client to collect the session.
    pub window: Duration,
    /// The id for the identity, should it be new.
    pub new_identity: IdentityId,
}

/// What a scan led to, as it was recorded; a repetition of the scan is answered with the same record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanRecord {
    /// The login right after the scan.
    pub login: Login,
    /// The identity that scanned.
    pub identity: IdentityId,
    /// Whether the identity had an account when it scanned.
    pub known: bool,
    /// Who asked for the login.
    pub asker: Asker,
    /// When it was scanned.
    pub at: Timestamp,
}

/// What became of a reported scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScanTaken {
    /// It was the first for this login, and is committed.
    First(ScanRecord),
    /// The same person's scan was recorded before; `login` in the record may have moved on since.
    Again(ScanRecord),
    /// Another person's scan was recorded before.
    ByAnother,
    /// The login was over before anybody scanned.
    Over(ExpiryReason),
}

/// A phone number to bind to the identity of an unregistered login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The login.
    pub login: LoginId,
    /// The number, proven by a code.
    pub phone: VerifiedPhone,
    /// A value that only this number with this code leads to; it lets a repetition be recognised.
    pub proof: BindingProof,
    /// When it was asked for.
    pub at: Timestamp,
    /// How long the client has to collect the session.
    pub window: Duration,
    /// The id for the account, should the number have none.
    pub new_account: AccountId,
}

/// An HMAC over login, phone number and code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BindingProof(pub [u8; 32]);

/// What became of a binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The login is registered: by this binding, or by an earlier one with the same proof.
    Registered(Login),
    /// The number's account has another user of the same WeChat app.
    PhoneTaken,
    /// The login is in a state that knows no binding; here it is. A login without a record is new.
    Refused(Login),
}

/// A link between identities of one person that turned up after a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnionLink {
    /// The login that was scanned.
    pub login: LoginId,
    /// The identity that scanned.
    pub identity: IdentityId,
    /// The person's id within the open-platform account.
    pub unionid: UnionId,
    /// When it turned up.
    pub at: Timestamp,
    /// How long the client has to collect the session.
    pub window: Duration,
}

/// A login as the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginRecord {
    /// The login as it was last written; deadlines are for the reader to judge.
    pub login: Login,
    /// What it was bound with, if it was.
    pub proof: Option<BindingProof>,
}

/// Records what happens to logins.
///
/// Each method is one transaction, and what it returned as done MUST be durable. Every change MUST be a
/// compare-and-set: with any number of callers at once on any number of nodes, one of them changes the login
/// and the others are told what it led to. A login has no record until something happened to it.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Logins: Send + Sync {
    /// Records who scanned a login's code: makes the identity if it is new, and the outcome if there is none.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed; the caller MUST NOT tell anybody then.
    async fn take_scan(&self, scan: Scan) -> Result<ScanTaken, StoreError>;

    /// Binds a phone number: adds the identity to the number's account, or makes one, and registers the login.
    ///
    /// An identity that was bound meanwhile, by another login, keeps its account, and the login leads there.
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn bind(&self, binding: Binding) -> Result<Bound, StoreError>;

    /// Notes an identity's unionid; if the person has an account by another identity, binds this one to it,
    /// and registers the login where it still waits for a phone number. Returns the login if it moved.
    ///
    /// An account that has another user of the same app is left alone.
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn link(&self, link: UnionLink) -> Result<Option<Login>, StoreError>;

    /// Ends a login by [`LoginEvent::Cancelled`] or [`LoginEvent::Denied`] and returns how it stands: ended,
    /// or unchanged when it was final before.
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn end(&self, id: LoginId, event: LoginEvent, at: Timestamp) -> Result<Login, StoreError>;

    /// Returns the record of a login, if anything happened to it.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn find(&self, id: LoginId) -> Result<Option<LoginRecord>, StoreError>;

    /// Returns those of the logins (at most 1,000) that anything happened to, in one query.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn find_many(&self, ids: &[LoginId]) -> Result<Vec<Login>, StoreError>;
}
