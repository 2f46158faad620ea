//! Handing over the session of a registered login.

use super::{FlowError, Flows};
use crate::{
    account::{Account, AccountId},
    login::{AuthenticatedLogin, ClientInfo, Login, LoginState},
    ports::NewSession,
    session::{Session, SessionId, SessionToken},
    time::Timestamp,
};

/// A session together with its token, for the one who holds the login.
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

impl Flows {
    /// Hands over the session of a registered login: the same one to the same poll token, however often it is
    /// asked for within the hand-over time, by whichever node.
    ///
    /// # Errors
    /// [`FlowError::LoginState`] unless the login is registered, [`FlowError::LoginClosed`] after the
    /// hand-over time or once the session was ended, [`FlowError::AccountDisabled`].
    pub async fn issue_session(
        &self,
        held: &AuthenticatedLogin,
        login: &Login,
        client_info: ClientInfo,
    ) -> Result<IssuedSession, FlowError> {
        let (account, since, collect_by) = match login.state {
            LoginState::Registered { account, since, collect_by } => (account, since, collect_by),
            LoginState::Loop { .. } | LoginState::Unregistered { .. } | LoginState::Expired { .. } => {
                return Err(FlowError::LoginState(login.state.name()));
            }
        };
        let account = self.ports.accounts.account(account).await?.ok_or(FlowError::LoginClosed)?;
        if account.disabled {
            return Err(FlowError::AccountDisabled);
        }
        let (token, session) = if self.now() < collect_by {
            self.open_session(held, account.id, since, client_info).await?
        } else {
            // Too late to collect it for the first time, but perhaps not to be told again.
            self.opened_before(held, account.id).await?
        };
        if self.now() >= session.created_at.plus(self.policy.handover) {
            return Err(FlowError::LoginClosed);
        }
        let expires_at = session.expires_at(&self.policy.session);
        Ok(IssuedSession { token, session, account, expires_at })
    }

    async fn open_session(
        &self,
        held: &AuthenticatedLogin,
        account: AccountId,
        registered_at: Timestamp,
        client_info: ClientInfo,
    ) -> Result<(SessionToken, Session), FlowError> {
        let at = self.now();
        let token_hash = SessionToken::derive(self.keys.current(), held, account).hash();
        let id = SessionId::generate(at, &*self.ports.random);
        let login = held.id();
        let session = NewSession { id, login, account, registered_at, token_hash, client_info, at };
        let opened = self.ports.sessions.open(session).await?.ok_or(FlowError::LoginClosed)?;
        // A node with an older or newer first key may have opened it.
        let token = self.tokens(held, account).find(|token| token.hash() == opened.token_hash);
        match token {
            Some(token) if !opened.ended => Ok((token, opened.session)),
            Some(_) | None => Err(FlowError::LoginClosed),
        }
    }

    async fn opened_before(
        &self,
        held: &AuthenticatedLogin,
        account: AccountId,
    ) -> Result<(SessionToken, Session), FlowError> {
        for token in self.tokens(held, account) {
            if let Some(live) = self.ports.sessions.find(&token.hash()).await? {
                return Ok((token, live.session));
            }
        }
        Err(FlowError::LoginClosed)
    }

    fn tokens(&self, held: &AuthenticatedLogin, account: AccountId) -> impl Iterator<Item = SessionToken> {
        self.keys.all().map(move |key| SessionToken::derive(key, held, account))
    }
}
