//! Rows of sessions.

use crate::{
    account::{AccountId, IdentityId},
    login::LoginId,
    oidc::ClientId,
    ports::EndedSession,
    session::{Session, SessionId, SessionTokenHash},
    time::Timestamp,
};

use super::{AccountWithIdentities, LoginRow, RowResult};

/// The row of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The session.
    pub session: Session,
    /// The hash of its token.
    pub token_hash: SessionTokenHash,
    /// When it was ended, if it was.
    pub ended_at: Option<Timestamp>,
    /// From when on the row may be removed.
    pub prune_at: Timestamp,
}

/// A session, with the identity whose scan it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionOfIdentity {
    /// The session's row.
    pub row: SessionRow,
    /// The identity that scanned its login; unknown once the login's row was removed.
    pub identity: Option<IdentityId>,
}

/// What it depends on whether a login is issued a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueBasis {
    /// The account.
    pub owner: AccountWithIdentities,
    /// The login.
    pub login: Option<LoginRow>,
    /// The session that the login has, ended or not.
    pub session: Option<SessionRow>,
    /// How many of the account's sessions were not ended.
    pub live_sessions: usize,
}

/// Operations on rows of sessions.
pub trait SessionRows: Send {
    /// Reads what it depends on whether a login is issued a session of an account, in one query; `None` without the
    /// account.
    fn issue_basis(
        &mut self,
        account: AccountId,
        login: LoginId,
    ) -> impl Future<Output = RowResult<Option<IssueBasis>>> + Send;

    /// Finds the session with a token and its account, unless it was ended, in one query.
    fn live_session(
        &mut self,
        token_hash: &SessionTokenHash,
    ) -> impl Future<Output = RowResult<Option<(SessionRow, AccountWithIdentities)>>> + Send;

    /// Reads one session of an account, unless it was ended.
    fn live_session_of_account(
        &mut self,
        account: AccountId,
        id: SessionId,
    ) -> impl Future<Output = RowResult<Option<SessionRow>>> + Send;

    /// Lists all of an account's sessions that were not ended, by their id.
    fn live_sessions(
        &mut self,
        account: AccountId,
    ) -> impl Future<Output = RowResult<Vec<SessionRow>>> + Send;

    /// Lists all of an account's sessions that were not ended, by their id, with their identities, in one query.
    fn live_sessions_with_identities(
        &mut self,
        account: AccountId,
    ) -> impl Future<Output = RowResult<Vec<SessionOfIdentity>>> + Send;

    /// Writes a new session; [`Rejected::Raced`](super::Rejected::Raced) where its login has one.
    fn insert_session(&mut self, row: &SessionRow) -> impl Future<Output = RowResult<()>> + Send;

    /// Moves the last use of a session that was not ended forward to a moment, never back, and writes `prune_at`
    /// with it.
    fn touch_session(
        &mut self,
        id: SessionId,
        last_seen_at: Timestamp,
        prune_at: Timestamp,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Lists the OpenID clients that have redeemed a code of a session, each once, by their ids.
    fn clients_of_session(&mut self, id: SessionId) -> impl Future<Output = RowResult<Vec<ClientId>>> + Send;

    /// Lists sessions that were ended and are pruned at a moment or later, by that moment and their ids; of those of the very
    /// moment only those whose ids come behind `after`.
    fn ended_sessions(
        &mut self,
        prune_from: Timestamp,
        after: Option<SessionId>,
        at_most: u32,
    ) -> impl Future<Output = RowResult<Vec<EndedSession>>> + Send;

    /// Ends a session, and returns whether it was not ended before.
    fn end_session(
        &mut self,
        id: SessionId,
        ended_at: Timestamp,
        prune_at: Timestamp,
    ) -> impl Future<Output = RowResult<bool>> + Send;
}
