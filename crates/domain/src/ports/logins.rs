//! The truth about logins: what a scan, a binding or a cancellation led to.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreError;
pub use crate::sms::BindingProof;
use crate::{
    account::{AccountId, IdentityId, VerifiedPhone},
    login::{Channel, ClientInfo, ExpiryReason, Login, LoginEvent, LoginId},
    time::Timestamp,
    wechat::{AppName, OpenId, Profile, UnionId},
};

/// A person whom WeChat named for a login, ready to be recorded: by a scan, or by another way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// The login.
    pub login: LoginId,
    /// The WeChat app that named the person.
    pub app: AppName,
    /// The way in.
    pub channel: Channel,
    /// Who it is.
    pub openid: OpenId,
    /// Who it is within the open-platform account, where that is known and links are wanted.
    pub union: Option<UnionId>,
    /// The person's name and picture, where they are known.
    pub profile: Profile,
    /// Who asked for the login, as far as that is known.
    pub client_info: ClientInfo,
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
    /// Whether the identity had an account when it scanned, or got one by its unionid or by joining.
    pub known: bool,
    /// Whether the scan bound the identity to the account that the login was to add it to.
    pub linked: bool,
    /// Whether the scan bound the identity to its account; not known of a repetition.
    pub bound_now: bool,
    /// Whether the identity's unionid is known.
    pub has_union: bool,
    /// Who asked for the login.
    pub client_info: ClientInfo,
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
    /// The login was to add an identity to an account, and cannot: the identity is another account's, or the
    /// account has another user of the app, or all its sessions were ended since. The login is over; here it is.
    LinkRefused(Login),
}

/// A login that is to add an identity to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingLink {
    /// The login, which nothing has happened to.
    pub login: LoginId,
    /// The account.
    pub account: AccountId,
    /// When that was asked for.
    pub at: Timestamp,
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

/// What became of a binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The login is registered: by this binding, or by an earlier one with the same proof.
    Registered(Login),
    /// The number's account has another user of the same WeChat app.
    PhoneTaken,
    /// The login is in a state that knows no binding; here it is, as it stands at that moment. A login without
    /// a record is new, or its time is over.
    Refused(Login),
}

/// A link between identities of one person that turned up after a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnionIdLink {
    /// The login that was scanned.
    pub login: LoginId,
    /// The identity that scanned.
    pub identity: IdentityId,
    /// The person within the open-platform account.
    pub union: UnionId,
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
    /// Whether it ended because who scanned could not be added to its account.
    pub link_refused: bool,
}

/// Records what happens to logins.
///
/// Each method is one transaction, and what it returned as done MUST be durable. Every change MUST be a
/// compare-and-set: with any number of callers at once on any number of nodes, one of them changes the login
/// and the others are told what it led to. A login has no record until something happened to it.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Logins: Send + Sync {
    /// Writes down that a new login is to add an identity to an account. The login stays as it is, and
    /// [`Logins::find`] knows no record of it, until somebody scans.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed; the login MUST NOT be used then.
    async fn add_pending_link(&self, pending_link: PendingLink) -> Result<(), StoreError>;

    /// Records who scanned a login's code: makes the identity if it is new, links it by its unionid, and makes
    /// the outcome if there is none.
    ///
    /// * The identity keeps what it has where the scan knows nothing: an empty profile erases nothing.
    /// * An identity without an account is bound to the account of another identity with the same unionid
    ///   (the longest bound first), unless that account has another user of the app.
    /// * An identity with an account stays where it is. When its unionid is new to it and is known to another
    ///   account, a conflict goes into the trail of both.
    /// * A login that was expected ([`Logins::expect`]) binds an identity without an account to that account
    ///   and is registered, as it is for one that is bound to it already. An identity of another account, or
    ///   of an app of which the account has another user, ends it ([`LoginEvent::Denied`]) and changes
    ///   nothing else. So does any identity once a session of the account was ended or an identity taken from
    ///   it ([`super::LINKS_VOIDED_BY`], [`super::Sessions::end_all`]) since that was asked for: whoever is shut
    ///   out may have been the one who asked.
    /// * Whoever scans follows: an earlier mark of having unsubscribed goes away for official accounts.
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
    /// An account that has another user of the same app is left alone. An identity that has an account stays
    /// where it is; the conflict goes into the trail as in [`Logins::take_scan`].
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn link(&self, link: UnionIdLink) -> Result<Option<Login>, StoreError>;

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

    /// Returns those of the logins (at most 1,000) that anything happened to, in one query: each once, in any
    /// order.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn find_many(&self, ids: &[LoginId]) -> Result<Vec<Login>, StoreError>;
}
