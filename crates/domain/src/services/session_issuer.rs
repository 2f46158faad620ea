//! Issuing the session of a registered login.

use std::sync::Arc;

use super::{
    AppProfileService, Policy, ServiceError, gatekeeping::Gatekeeping, known_networks::KnownNetworks,
    session_invalidation::SessionInvalidation, sessions::cached_until,
};
use crate::{
    account::{Account, AccountId},
    keys::KeyRing,
    login::{AuthenticatedLogin, ClientInfo, Login, LoginState},
    ports::{Accounts, ActiveSession, Clock, NewSession, Random, SessionCache, Sessions, StoredSession},
    session::{Session, SessionId, SessionToken},
    time::Timestamp,
};

/// A session together with its token, for the client of the login.
#[derive(Clone, Debug)]
pub struct IssuedSession {
    /// The token.
    pub token: SessionToken,
    /// The session.
    pub session: Session,
    /// Whose it is.
    pub account: Account,
    /// When it ends if it is not used.
    pub expires_at: Timestamp,
}

/// Issues sessions.
pub struct SessionIssuer {
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) sessions: Arc<dyn Sessions>,
    pub(super) session_cache: Arc<dyn SessionCache>,
    pub(super) invalidation: Arc<SessionInvalidation>,
    pub(super) known_networks: KnownNetworks,
    pub(super) gatekeeping: Gatekeeping,
    pub(super) profiles: Arc<AppProfileService>,
    pub(super) random: Arc<dyn Random>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keys: Arc<KeyRing>,
    pub(super) policy: Arc<Policy>,
}

impl SessionIssuer {
    /// Issues the session of a registered login. The same poll token gets the same session from every node, however
    /// often the client asks within [`Policy::handover`]. What the cache says of the login is not enough: the database
    /// has to know that it leads to this account.
    ///
    /// # Errors
    /// [`ServiceError::LoginState`] unless the login is registered, [`ServiceError::LoginClosed`] after that
    /// time or once the session was ended, [`ServiceError::AccountDisabled`], [`ServiceError::Refused`].
    pub async fn issue(
        &self,
        auth: &AuthenticatedLogin,
        login: &Login,
        client_info: ClientInfo,
    ) -> Result<IssuedSession, ServiceError> {
        let (account, collect_by) = match login.state {
            LoginState::Registered { account, collect_by, .. } => (account, collect_by),
            LoginState::Loop { .. }
            | LoginState::Scanned { .. }
            | LoginState::Unregistered { .. }
            | LoginState::Expired { .. } => {
                return Err(ServiceError::LoginState(login.state.name()));
            }
        };
        let issued = if self.clock.now() < collect_by {
            self.admit_and_issue(auth, account, client_info).await?
        } else {
            // Too late for a first answer, but perhaps not for its repetition.
            self.repeat(auth, account).await?
        };
        let Some((token, ActiveSession { session, account, .. })) = issued else {
            return Err(self.refusal(account).await?);
        };
        if account.disabled {
            return Err(ServiceError::AccountDisabled);
        }
        if self.clock.now() >= session.created_at.plus(self.policy.handover) {
            return Err(ServiceError::LoginClosed);
        }
        let expires_at = session.expires_at(&self.policy.session);
        Ok(IssuedSession { token, session, account, expires_at })
    }

    /// Asks the gate, where there is one, before a session is issued for the first time.
    async fn admit_and_issue(
        &self,
        auth: &AuthenticatedLogin,
        account: AccountId,
        client_info: ClientInfo,
    ) -> Result<Option<(SessionToken, ActiveSession)>, ServiceError> {
        if self.gatekeeping.is_closed() {
            if let Some(issued) = self.repeat(auth, account).await? {
                return Ok(Some(issued));
            }
            self.gatekeeping.admit_to_session(auth.id(), account).await?;
        }
        self.issue_or_repeat(auth, account, client_info).await
    }

    async fn issue_or_repeat(
        &self,
        auth: &AuthenticatedLogin,
        account: AccountId,
        client_info: ClientInfo,
    ) -> Result<Option<(SessionToken, ActiveSession)>, ServiceError> {
        let at = self.clock.now();
        let token_hash = SessionToken::derive(self.keys.current(), auth, account).hash();
        let id = SessionId::generate(at, &*self.random);
        let login = auth.id();
        let policy = self.policy.session;
        let session = NewSession { id, login, account, token_hash, client_info, at, policy };
        let Some(stored) = self.sessions.issue(session).await? else { return Ok(None) };
        self.invalidation.invalidate(&stored.displaced).await;
        if stored.active.session.id == id {
            self.issued(&stored, at).await;
        }
        // A node with an older or newer first key may have issued it.
        let token = self.tokens(auth, account).find(|token| token.hash() == stored.token_hash);
        Ok(token.filter(|_| !stored.ended).map(|token| (token, stored.active)))
    }

    /// Caches a session that was issued just now, so that its first check finds it, and remembers the client's network.
    async fn issued(&self, stored: &StoredSession, at: Timestamp) {
        let until = cached_until(&stored.active, at, &self.policy.session);
        // Where this fails, the first check asks the database.
        let _ = self.session_cache.put(&stored.token_hash, &stored.active, at, until).await;
        if self.policy.limits.logins_per_day > 0 {
            self.known_networks.note(&stored.active.session.client_info).await;
        }
        if stored.has_news {
            self.profiles.refresh_in_background(stored.active.account.id);
        }
    }

    async fn repeat(
        &self,
        auth: &AuthenticatedLogin,
        account: AccountId,
    ) -> Result<Option<(SessionToken, ActiveSession)>, ServiceError> {
        for token in self.tokens(auth, account) {
            if let Some(active) = self.sessions.find(&token.hash()).await? {
                return Ok(Some((token, active)));
            }
        }
        Ok(None)
    }

    /// Returns why a login of an account is issued no session.
    async fn refusal(&self, account: AccountId) -> Result<ServiceError, ServiceError> {
        let account = self.accounts.account(account).await?;
        let is_disabled = account.is_some_and(|account| account.disabled);
        Ok(if is_disabled { ServiceError::AccountDisabled } else { ServiceError::LoginClosed })
    }

    fn tokens(&self, auth: &AuthenticatedLogin, account: AccountId) -> impl Iterator<Item = SessionToken> {
        self.keys.all().map(move |key| SessionToken::derive(key, auth, account))
    }
}
