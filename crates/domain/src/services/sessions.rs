//! Checking, listing and ending sessions.

use std::time::Duration;

use super::{FlowError, Flows};
use crate::{
    account::{Account, AccountId, Conflict, Identity},
    ports::{CachedSession, KnownSession},
    session::{Session, SessionId, SessionToken},
    time::Timestamp,
};

/// How long after its login a session may change what leads to the account.
const FRESH_FOR: Duration = Duration::from_secs(600);

/// A session that is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedSession {
    /// The session.
    pub session: Session,
    /// Whose it is.
    pub account: Account,
    /// The identities that are bound to the account, the oldest first.
    pub identities: Vec<Identity>,
    /// Those of them that are, by their unionid, the same person's as another account's; the oldest first.
    pub conflicts: Vec<Conflict>,
    /// When it ends if it is not used any more.
    pub expires_at: Timestamp,
}

impl Flows {
    /// Checks a session and lets it slide; a use is written down at most once a minute.
    ///
    /// Costs one look at the copies, and three queries about once a minute for all nodes. A session that was ended
    /// is refused by all of them once they are told, and what its person changes shows; both at the latest after
    /// [`CachedSession::TTL`]. As late they notice that its account was shut.
    ///
    /// # Errors
    /// [`FlowError::SessionInvalid`], [`FlowError::AccountDisabled`].
    pub async fn check_session(&self, token: &SessionToken) -> Result<CheckedSession, FlowError> {
        let hash = token.hash();
        let known = self.known_session(&hash).await?.ok_or(FlowError::SessionInvalid)?;
        let (mut session, now) = (known.session.clone(), self.now());
        if session.is_over(&self.policy.session, now) {
            return Err(FlowError::SessionInvalid);
        }
        if known.account.disabled {
            return Err(FlowError::AccountDisabled);
        }
        if session.wants_touch(&self.policy.session, now)
            && self.ports.sessions.touch(session.id, now).await.is_ok()
        {
            session.last_seen_at = now;
            // A copy that stays behind costs another write.
            let _ = self.ports.session_cache.refresh(&hash, now).await;
        }
        let expires_at = session.expires_at(&self.policy.session);
        let KnownSession { account, identities, conflicts, .. } = known;
        Ok(CheckedSession { session, account, identities, conflicts, expires_at })
    }

    /// Returns an account.
    ///
    /// # Errors
    /// [`FlowError::Store`].
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, FlowError> {
        Ok(self.ports.accounts.account(id).await?)
    }

    /// Ends the session with this token; one that is over or unknown is ended already.
    ///
    /// # Errors
    /// [`FlowError::Store`] when it is not known to be committed.
    pub async fn log_out(&self, token: &SessionToken) -> Result<(), FlowError> {
        let hash = token.hash();
        let Some(live) = self.ports.sessions.find(&hash).await? else {
            // An earlier call may have ended it without learning that it had.
            if let Ok(Some(CachedSession::Live(_))) = self.ports.session_cache.read(&hash).await {
                self.invalidate(&[hash]).await;
            }
            return Ok(());
        };
        self.ports.sessions.end(live.account.id, live.session.id, self.now()).await?;
        self.invalidate(&[hash]).await;
        Ok(())
    }

    /// Returns the account's sessions that are good, the newest first.
    ///
    /// # Errors
    /// [`FlowError::Store`].
    pub async fn list_sessions(&self, checked: &CheckedSession) -> Result<Vec<Session>, FlowError> {
        let (mut sessions, now) = (self.ports.sessions.list(checked.account.id).await?, self.now());
        sessions.retain(|session| !session.is_over(&self.policy.session, now));
        Ok(sessions)
    }

    /// Ends one session of the account, and returns whether there was such a one to end.
    ///
    /// # Errors
    /// [`FlowError::Store`] when it is not known to be committed.
    pub async fn end_session(&self, checked: &CheckedSession, id: SessionId) -> Result<bool, FlowError> {
        let ended = self.ports.sessions.end(checked.account.id, id, self.now()).await?;
        self.invalidate(ended.as_slice()).await;
        Ok(ended.is_some())
    }

    /// Ends all sessions of the account, the one that asks for it included.
    ///
    /// # Errors
    /// [`FlowError::Store`] when it is not known to be committed.
    pub async fn end_all_sessions(&self, checked: &CheckedSession) -> Result<(), FlowError> {
        let ended = self.ports.sessions.end_all(checked.account.id, self.now()).await?;
        self.invalidate(&ended).await;
        Ok(())
    }

    /// Refuses unless the session's login is so fresh that whoever shows it is still believed to be the person: for
    /// what changes the ways into the account. Adding an identity is such a thing too, since whoever it is added
    /// for gets a fresh session by it.
    ///
    /// # Errors
    /// [`FlowError::RecentLoginRequired`].
    pub fn require_recent_login(&self, checked: &CheckedSession) -> Result<(), FlowError> {
        let is_fresh = self.now() < checked.session.created_at.plus(FRESH_FOR);
        is_fresh.then_some(()).ok_or(FlowError::RecentLoginRequired)
    }
}
