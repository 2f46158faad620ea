//! Checking, listing and ending sessions.

use std::sync::Arc;

use super::{
    Policy, ServiceError, recent_login::require_recent_login, session_invalidation::SessionInvalidation,
};
use crate::{
    account::{Account, Conflict, Identity},
    ports::{Accounts, CachedSession, Clock, KnownSession, LiveSession, SessionCache, Sessions},
    session::{Session, SessionId, SessionToken, SessionTokenHash},
    time::Timestamp,
};

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

/// Checks, lists and ends sessions.
pub struct SessionService {
    pub(super) sessions: Arc<dyn Sessions>,
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) session_cache: Arc<dyn SessionCache>,
    pub(super) invalidation: Arc<SessionInvalidation>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) policy: Arc<Policy>,
}

impl SessionService {
    /// Checks a session and lets it slide; a use is written down at most once a minute.
    ///
    /// Costs one read of the session cache, and three queries about once a minute for all nodes. Every node refuses
    /// an ended session, and shows what the account's owner changes, as soon as its cached entry is invalidated, and
    /// at the latest after [`CachedSession::TTL`]. So late a node may notice that an account was disabled.
    ///
    /// # Errors
    /// [`ServiceError::SessionInvalid`], [`ServiceError::AccountDisabled`].
    pub async fn check(&self, token: &SessionToken) -> Result<CheckedSession, ServiceError> {
        let hash = token.hash();
        let known = self.find(&hash).await?.ok_or(ServiceError::SessionInvalid)?;
        let (mut session, now) = (known.session.clone(), self.clock.now());
        if session.is_over(&self.policy.session, now) {
            return Err(ServiceError::SessionInvalid);
        }
        if known.account.disabled {
            return Err(ServiceError::AccountDisabled);
        }
        if session.wants_touch(&self.policy.session, now)
            && self.sessions.touch(session.id, now).await.is_ok()
        {
            session.last_seen_at = now;
            // A cached entry that misses this costs another write.
            let _ = self.session_cache.refresh(&hash, now).await;
        }
        let expires_at = session.expires_at(&self.policy.session);
        let KnownSession { account, identities, conflicts, .. } = known;
        Ok(CheckedSession { session, account, identities, conflicts, expires_at })
    }

    /// Returns the session with this token unless it was ended; read through the cache.
    ///
    /// Only an entry that can be used is believed, and only such a one is cached: so a session that another node has
    /// let slide, or an account that was enabled again, is good at once.
    async fn find(&self, token_hash: &SessionTokenHash) -> Result<Option<KnownSession>, ServiceError> {
        let asked_at = self.clock.now();
        let cached = self.session_cache.read(token_hash).await;
        match &cached {
            Ok(Some(CachedSession::Ended)) => return Ok(None),
            Ok(Some(CachedSession::Live(known))) if self.is_usable(known, asked_at) => {
                return Ok(Some(known.clone()));
            }
            Ok(Some(CachedSession::Live(_) | CachedSession::Changed) | None) | Err(_) => {}
        }
        let Some(LiveSession { session, account }) = self.sessions.find(token_hash).await? else {
            return Ok(None);
        };
        let identities = self.accounts.identities(account.id).await?;
        let conflicts = self.accounts.conflicts(account.id).await?;
        let known = KnownSession { session, account, identities, conflicts };
        if cached == Ok(None) && self.is_usable(&known, asked_at) {
            // Where this fails, the next check asks the database again.
            let _ = self.session_cache.put(token_hash, &known, asked_at.plus(CachedSession::TTL)).await;
        }
        Ok(Some(known))
    }

    fn is_usable(&self, known: &KnownSession, now: Timestamp) -> bool {
        !known.account.disabled && !known.session.is_over(&self.policy.session, now)
    }

    /// Ends the session with this token; one that is over or unknown is ended already.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be committed.
    pub async fn log_out(&self, token: &SessionToken) -> Result<(), ServiceError> {
        let hash = token.hash();
        let Some(live) = self.sessions.find(&hash).await? else {
            // An earlier call may have ended it and not learned so.
            if let Ok(Some(CachedSession::Live(_))) = self.session_cache.read(&hash).await {
                self.invalidation.invalidate(&[hash]).await;
            }
            return Ok(());
        };
        self.sessions.end(live.account.id, live.session.id, self.clock.now()).await?;
        self.invalidation.invalidate(&[hash]).await;
        Ok(())
    }

    /// Returns the account's sessions that are good, the newest first.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn list(&self, checked: &CheckedSession) -> Result<Vec<Session>, ServiceError> {
        let (mut sessions, now) = (self.sessions.list(checked.account.id).await?, self.clock.now());
        sessions.retain(|session| !session.is_over(&self.policy.session, now));
        Ok(sessions)
    }

    /// Ends one session of the account, and returns whether there was such a one to end.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be committed.
    pub async fn end(&self, checked: &CheckedSession, id: SessionId) -> Result<bool, ServiceError> {
        let ended = self.sessions.end(checked.account.id, id, self.clock.now()).await?;
        self.invalidation.invalidate(ended.as_slice()).await;
        Ok(ended.is_some())
    }

    /// Ends all sessions of the account, the one that asks for it included.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be committed.
    pub async fn end_all(&self, checked: &CheckedSession) -> Result<(), ServiceError> {
        let ended = self.sessions.end_all(checked.account.id, self.clock.now()).await?;
        self.invalidation.invalidate(&ended).await;
        Ok(())
    }

    /// Refuses unless the session's login is recent, so that its holder may change the ways into the account. Adding
    /// an identity is such a change, too: the login that adds it gets a new session.
    ///
    /// # Errors
    /// [`ServiceError::RecentLoginRequired`].
    pub fn require_recent_login(&self, checked: &CheckedSession) -> Result<(), ServiceError> {
        require_recent_login(&checked.session, self.clock.now())
    }

    /// Retries the invalidations of ended sessions that failed. To be called every few seconds; returns how many
    /// there were.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when one failed again; the next call retries it, for a minute in all.
    pub async fn retry_invalidations(&self) -> Result<usize, ServiceError> {
        self.invalidation.retry().await
    }
}
