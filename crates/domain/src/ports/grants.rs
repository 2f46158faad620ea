//! The truth about what OpenID clients were granted.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreError;
use crate::{
    account::{Account, AccountId, Identity},
    login::ClientInfo,
    oidc::{ClientId, CodeVerifier, Grant, GrantId, RefreshState, Scopes, TokenHash},
    session::Session,
    time::Timestamp,
};

/// A grant to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGrant {
    /// The grant.
    pub grant: Grant,
    /// The hash of its code.
    pub code: TokenHash,
    /// Whether the person has just agreed to it; where the client is the site's own, no person is asked.
    pub consented: bool,
    /// Who granted it.
    pub client_info: ClientInfo,
}

/// A code that a client redeems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRedemption {
    /// The code's grant.
    pub grant: GrantId,
    /// The hash of the code.
    pub code: TokenHash,
    /// The client, which has proven who it is.
    pub client: ClientId,
    /// The address that it says the code was sent to.
    pub redirect_uri: Option<String>,
    /// The secret of the code's challenge.
    pub verifier: Option<CodeVerifier>,
    /// The hash of the grant's first refresh token, should it have one.
    pub refresh_token: TokenHash,
    /// How long a session lives at the most, and with it what it has granted.
    pub lives: Duration,
    /// When.
    pub at: Timestamp,
}

/// A refresh token that a client uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refresh {
    /// The token's grant.
    pub grant: GrantId,
    /// Which of the grant's refresh tokens it is, from 1 on.
    pub generation: u32,
    /// The hash of the token.
    pub token: TokenHash,
    /// The hash of the token that takes its place.
    pub successor: TokenHash,
    /// The client, which has proven who it is.
    pub client: ClientId,
    /// What of its scopes the client wants; all of them where it does not say.
    pub scopes: Option<Scopes>,
    /// How long a session lives at the most, and with it what it has granted.
    pub lives: Duration,
    /// When.
    pub at: Timestamp,
}

/// Whom a grant is about, as long as its session has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantHolder {
    /// The grant.
    pub grant: Grant,
    /// Its refresh tokens, should it have any.
    pub refresh: Option<RefreshState>,
    /// The session that gave it.
    pub session: Session,
    /// The account.
    pub account: Account,
    /// The identities that are bound to the account, the oldest first.
    pub identities: Vec<Identity>,
}

/// The result of redeeming a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// The client gets tokens.
    Done(Box<GrantHolder>),
    /// The code was redeemed before: it is in strange hands, so all that came of it has ended.
    Reused,
    /// The code is none of this client's, too old, or its proof is wrong; or its session has ended.
    Refused,
}

/// The result of using a refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The client gets new tokens.
    Done(Box<GrantHolder>),
    /// The token was used a moment ago: the client gets the same tokens again.
    Again(Box<GrantHolder>),
    /// The token was used before: it is in strange hands, so its whole family has ended.
    Reused,
    /// The client wants more than was granted.
    TooMuch,
    /// The token is none of this client's, or its grant or session has ended.
    Refused,
}

/// The result of a client's wish to end a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It has ended, now or before.
    Ended,
    /// It is another client's.
    OfAnother,
    /// There is none.
    Unknown,
}

/// Keeps what OpenID clients were granted. Each call is one transaction, is in the trail, and is durable once it answers.
///
/// A grant is good as long as its session is: one that was ended, one that is older than it may become, and one of an account
/// that is disabled grants nothing any more. That a session was not used for a while does not matter.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Grants: Send + Sync {
    /// Makes a grant and returns whether its session has not ended. Where the person agreed, that is kept for later requests.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed; the code MUST NOT be shown then.
    async fn make_grant(&self, new: NewGrant) -> Result<bool, StoreError>;

    /// Returns what the person of an account has agreed that a client may have.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn consent(&self, account: AccountId, client: &ClientId) -> Result<Scopes, StoreError>;

    /// Redeems a code. Of any number of callers at once one is told [`Redeemed::Done`], and only if no other one has come.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed; no token may be shown then.
    async fn redeem_code(&self, redemption: CodeRedemption) -> Result<Redeemed, StoreError>;

    /// Uses a refresh token. Of any number of callers at once one is told [`Refreshed::Done`], and the others, for
    /// [`REFRESH_GRACE`](crate::oidc::REFRESH_GRACE), [`Refreshed::Again`].
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed; no token may be shown then.
    async fn refresh(&self, refresh: Refresh) -> Result<Refreshed, StoreError>;

    /// Returns whom a grant is about, unless it or its session has ended or the account is disabled.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn holder(&self, grant: GrantId) -> Result<Option<GrantHolder>, StoreError>;

    /// Ends a grant with all its tokens, as its client wishes.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn end_grant(&self, grant: GrantId, client: &ClientId, at: Timestamp)
    -> Result<Ending, StoreError>;
}
