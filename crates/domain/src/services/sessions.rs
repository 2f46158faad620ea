//! Checking, listing and ending sessions.

use std::sync::Arc;

use super::{
    ClientSubject, Policy, ServiceError,
    limits::made_up_tokens,
    rate_limiter::RateLimiter,
    recent_login::{require_recent_login, require_scan_for_others},
    session_invalidation::SessionInvalidation,
};
use crate::{
    keys::KeyRing,
    ports::{ActiveSession, CachedSession, Clock, EndedSession, SessionCache, Sessions},
    session::{Session, SessionId, SessionPolicy, SessionToken},
    time::Timestamp,
};

/// Checks, lists and ends sessions.
pub struct SessionService {
    pub(super) sessions: Arc<dyn Sessions>,
    pub(super) session_cache: Arc<dyn SessionCache>,
    pub(super) invalidation: Arc<SessionInvalidation>,
    pub(super) limiter: RateLimiter,
    pub(super) keys: Arc<KeyRing>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) policy: Arc<Policy>,
}

impl SessionService {
    /// Reads the token that a client shows. One that this service did not issue is refused without a look-up, and
    /// counts against the `client`.
    ///
    /// # Errors
    /// [`ServiceError::SessionInvalid`], and [`ServiceError::RateLimited`] for a client that shows too many of them.
    pub async fn verify_token(
        &self,
        text: &str,
        client: impl FnOnce() -> ClientSubject,
    ) -> Result<SessionToken, ServiceError> {
        if let Some(token) = SessionToken::verify(text, &self.keys) {
            return Ok(token);
        }
        match self.limiter.take(&[made_up_tokens(client())]).await {
            Err(refused @ ServiceError::RateLimited { .. }) => Err(refused),
            Ok(()) | Err(_) => Err(ServiceError::SessionInvalid),
        }
    }

    /// Checks a session and lets it slide; a use is stored at most once a minute.
    ///
    /// Costs one read of the session cache, and one of the database about once a minute for all nodes. Every node
    /// refuses an ended session, and shows what the account's owner changes, as soon as its cached entry is
    /// invalidated, and at the latest after [`CachedSession::TTL`]. So late a node may notice that an account was
    /// disabled.
    ///
    /// # Errors
    /// [`ServiceError::SessionInvalid`], [`ServiceError::AccountDisabled`].
    pub async fn check(&self, token: &SessionToken) -> Result<Arc<ActiveSession>, ServiceError> {
        let (hash, now) = (token.hash(), self.clock.now());
        let is_uncached = match self.session_cache.read(&hash).await {
            Ok(Some(CachedSession::Ended)) => return Err(ServiceError::SessionInvalid),
            // Only an entry that can be used is believed: so a session that another node has let slide, or an account
            // that was enabled again, is good at once.
            Ok(Some(CachedSession::Live { active, .. })) if active.is_usable(&self.policy.session, now) => {
                return Ok(active);
            }
            Ok(Some(CachedSession::Live { .. } | CachedSession::Invalidated)) | Err(_) => false,
            Ok(None) => true,
        };
        let mut active = self.sessions.find(&hash).await?.ok_or(ServiceError::SessionInvalid)?;
        if active.session.is_over(&self.policy.session, now) {
            return Err(ServiceError::SessionInvalid);
        }
        if active.account.disabled {
            return Err(ServiceError::AccountDisabled);
        }
        if active.session.wants_touch(&self.policy.session, now)
            && self.sessions.touch(active.session.id, now).await.is_ok()
        {
            active.session.last_seen_at = now;
        }
        if is_uncached {
            // Where this fails, the next check asks the database again.
            let until = cached_until(&active, now, &self.policy.session);
            let _ = self.session_cache.put(&hash, &active, now, until).await;
        }
        Ok(Arc::new(active))
    }

    /// Says whose session a token is that a trusted caller was shown; `None` for a token of no session that can be used.
    /// It lets the session slide like [`SessionService::check`], and a token that was made up counts against no limit.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn introspect(&self, text: &str) -> Result<Option<Arc<ActiveSession>>, ServiceError> {
        let Some(token) = SessionToken::verify(text, &self.keys) else { return Ok(None) };
        match self.check(&token).await {
            Ok(active) => Ok(Some(active)),
            Err(ServiceError::SessionInvalid | ServiceError::AccountDisabled) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Counts a signed token that a session is about to get. It is not counted while the counters are away.
    ///
    /// # Errors
    /// [`ServiceError::RateLimited`] for a session that got too many.
    pub async fn count_signed_token(&self, active: &ActiveSession) -> Result<(), ServiceError> {
        let limit = self.policy.limits.session_tokens(active.session.id);
        match self.limiter.take(limit.as_slice()).await {
            Err(refused @ ServiceError::RateLimited { .. }) => Err(refused),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Ends the session with this token; one that is over or unknown is ended already.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be committed.
    pub async fn log_out(&self, token: &SessionToken) -> Result<(), ServiceError> {
        let hash = token.hash();
        // A live entry is enough, since a session's id and account never change. Only the database knows that one ended.
        let found = match self.session_cache.read(&hash).await {
            Ok(Some(CachedSession::Live { active, .. })) => Some(active.session.clone()),
            Ok(Some(CachedSession::Ended | CachedSession::Invalidated) | None) | Err(_) => {
                self.sessions.find(&hash).await?.map(|active| active.session)
            }
        };
        if let Some(session) = found {
            self.sessions.end_known(session, self.clock.now()).await?;
            // Also where the session had ended before: the call that ended it may not have learned so.
            self.invalidation.invalidate(&[hash]).await;
        }
        Ok(())
    }

    /// Returns the account's sessions that are good, the newest first.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn list(&self, active: &ActiveSession) -> Result<Vec<Session>, ServiceError> {
        let (mut sessions, now) = (self.sessions.list(active.account.id).await?, self.clock.now());
        sessions.retain(|session| !session.is_over(&self.policy.session, now));
        Ok(sessions)
    }

    /// Ends one session of the account, and returns whether there was such a one to end.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be committed.
    pub async fn end(&self, active: &ActiveSession, id: SessionId) -> Result<bool, ServiceError> {
        let ended = self.sessions.end(active.account.id, id, self.clock.now()).await?;
        self.invalidation.invalidate(ended.as_slice()).await;
        Ok(ended.is_some())
    }

    /// Lists the sessions that were ended at a moment or since, the first ended first, for those who refuse their tokens from then
    /// on; of those of the very moment only those whose ids come behind `after`.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn ended(
        &self,
        since: Timestamp,
        after: Option<SessionId>,
        at_most: u32,
    ) -> Result<Vec<EndedSession>, ServiceError> {
        Ok(self.sessions.ended(since, after, at_most).await?)
    }

    /// Ends all sessions of the account, the one that asks for it included.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be committed.
    pub async fn end_all(&self, active: &ActiveSession) -> Result<(), ServiceError> {
        let ended = self.sessions.end_all(active.account.id, self.clock.now()).await?;
        self.invalidation.invalidate(&ended).await;
        Ok(())
    }

    /// Refuses unless the session's login is recent, so that its holder may add an identity to the account: the login that
    /// adds it gets a new session. Who is known by a phone number alone adds none beside those of others.
    ///
    /// # Errors
    /// [`ServiceError::RecentLoginRequired`], [`ServiceError::ScanRequired`].
    pub fn require_recent_login(&self, active: &ActiveSession) -> Result<(), ServiceError> {
        require_recent_login(&active.session, self.clock.now())?;
        require_scan_for_others(active)
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

/// Returns until when an entry of the session cache is good: no longer than until the next use has to be stored. So an
/// entry never changes, and a check that finds one stores nothing.
pub(super) fn cached_until(active: &ActiveSession, read_at: Timestamp, policy: &SessionPolicy) -> Timestamp {
    read_at.plus(CachedSession::TTL).min(active.session.touch_at(policy))
}
