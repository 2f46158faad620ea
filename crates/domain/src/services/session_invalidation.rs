//! Invalidating cached sessions on all nodes.

use std::sync::Arc;

use super::{ServiceError, pending_invalidations::PendingInvalidations};
use crate::{
    account::AccountId,
    login::{Login, LoginState},
    ports::{CachedSession, Clock, SessionCache, Sessions, StoreError},
    session::SessionTokenHash,
};

/// The most sessions of one call to the cache.
const BATCH: usize = 500;

/// Invalidates cached sessions.
pub(super) struct SessionInvalidation {
    pub(super) sessions: Arc<dyn Sessions>,
    pub(super) session_cache: Arc<dyn SessionCache>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) pending: PendingInvalidations,
}

impl SessionInvalidation {
    /// Invalidates sessions whose end is committed. What fails is retried ([`SessionInvalidation::retry`]), also
    /// when the caller is cancelled while the cache is called.
    pub(super) async fn invalidate(&self, ended: &[SessionTokenHash]) {
        self.pending.add(ended, self.clock.now());
        // The session has ended whatever the cache answers: the database says so.
        let _ = self.mark_ended(ended).await;
    }

    /// Retries the invalidations that failed, and returns how many there were.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when one failed again; it stays due for a minute in all.
    pub(super) async fn retry(&self) -> Result<usize, ServiceError> {
        let due = self.pending.due(self.clock.now());
        self.mark_ended(&due).await?;
        Ok(due.len())
    }

    /// Invalidates all sessions of an account, after a change of it was committed. Where that fails, cached
    /// sessions show the account as it was until they expire.
    pub(super) async fn account_changed(&self, account: AccountId) {
        let Ok(sessions) = self.sessions.tokens_of(account).await else { return };
        let until = self.clock.now().plus(CachedSession::INVALIDATED_TTL);
        for batch in sessions.chunks(BATCH) {
            let _ = self.session_cache.invalidate(batch, until).await;
        }
    }

    /// Invalidates the sessions of the account that a login has bound an identity to.
    pub(super) async fn account_of_login_changed(&self, login: &Login) {
        match login.state {
            LoginState::Registered { account, .. } => self.account_changed(account).await,
            LoginState::Loop { .. }
            | LoginState::Scanned { .. }
            | LoginState::Unregistered { .. }
            | LoginState::Expired { .. } => {}
        }
    }

    async fn mark_ended(&self, ended: &[SessionTokenHash]) -> Result<(), StoreError> {
        let until = self.clock.now().plus(CachedSession::ENDED_TTL);
        let mut result = Ok(());
        for batch in ended.chunks(BATCH) {
            // A batch that fails must not delay the others.
            match self.session_cache.mark_ended(batch, until).await {
                Ok(()) => self.pending.remove(batch),
                Err(error) => result = Err(error),
            }
        }
        result
    }
}
