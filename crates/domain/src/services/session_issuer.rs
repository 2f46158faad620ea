//! Issuing the session of a registered login.

use std::sync::Arc;

use super::{Policy, ServiceError, known_networks::KnownNetworks, session_invalidation::SessionInvalidation};
use crate::{
    account::{Account, AccountId},
    keys::KeyRing,
    login::{AuthenticatedLogin, ClientInfo, Login, LoginState},
    ports::{Accounts, Clock, NewSession, Random, Sessions},
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
    pub(super) invalidation: Arc<SessionInvalidation>,
    pub(super) known_networks: KnownNetworks,
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
    /// time or once the session was ended, [`ServiceError::AccountDisabled`].
    pub async fn issue(
        &self,
        auth: &AuthenticatedLogin,
        login: &Login,
        client_info: ClientInfo,
    ) -> Result<IssuedSession, ServiceError> {
        let (account, collect_by) = match login.state {
            LoginState::Registered { account, collect_by, .. } => (account, collect_by),
            LoginState::Loop { .. } | LoginState::Unregistered { .. } | LoginState::Expired { .. } => {
                return Err(ServiceError::LoginState(login.state.name()));
            }
        };
        let account = self.accounts.account(account).await?.ok_or(ServiceError::LoginClosed)?;
        if account.disabled {
            return Err(ServiceError::AccountDisabled);
        }
        let (token, session) = if self.clock.now() < collect_by {
            self.issue_or_repeat(auth, account.id, client_info).await?
        } else {
            // Too late for a first answer, but perhaps not for its repetition.
            self.repeat(auth, account.id).await?
        };
        if self.clock.now() >= session.created_at.plus(self.policy.handover) {
            return Err(ServiceError::LoginClosed);
        }
        let expires_at = session.expires_at(&self.policy.session);
        Ok(IssuedSession { token, session, account, expires_at })
    }

    async fn issue_or_repeat(
        &self,
        auth: &AuthenticatedLogin,
        account: AccountId,
        client_info: ClientInfo,
    ) -> Result<(SessionToken, Session), ServiceError> {
        let at = self.clock.now();
        let token_hash = SessionToken::derive(self.keys.current(), auth, account).hash();
        let id = SessionId::generate(at, &*self.random);
        let login = auth.id();
        let policy = self.policy.session;
        let session = NewSession { id, login, account, token_hash, client_info, at, policy };
        let stored = self.sessions.issue(session).await?.ok_or(ServiceError::LoginClosed)?;
        self.invalidation.invalidate(&stored.displaced).await;
        if stored.session.id == id && self.policy.limits.logins_per_day > 0 {
            self.known_networks.note(&stored.session.client_info).await;
        }
        // A node with an older or newer first key may have issued it.
        let token = self.tokens(auth, account).find(|token| token.hash() == stored.token_hash);
        match token {
            Some(token) if !stored.ended => Ok((token, stored.session)),
            Some(_) | None => Err(ServiceError::LoginClosed),
        }
    }

    async fn repeat(
        &self,
        auth: &AuthenticatedLogin,
        account: AccountId,
    ) -> Result<(SessionToken, Session), ServiceError> {
        for token in self.tokens(auth, account) {
            if let Some(active) = self.sessions.find(&token.hash()).await? {
                return Ok((token, active.session));
            }
        }
        Err(ServiceError::LoginClosed)
    }

    fn tokens(&self, auth: &AuthenticatedLogin, account: AccountId) -> impl Iterator<Item = SessionToken> {
        self.keys.all().map(move |key| SessionToken::derive(key, auth, account))
    }
}
