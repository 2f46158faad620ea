//! Issues sessions to clients. This is the one place that decides between a cookie and the body of the answer.

use std::sync::Arc;

use actix_web::cookie::Cookie;
use saoma_domain::{
    login::{AuthenticatedLogin, ClientInfo, Login, LoginState},
    ports::Clock,
    services::{ServiceError, SessionIssuer},
};

use crate::{
    auth::{Cookies, CredentialSource, LoginCredential},
    dto::{AccountBody, LoginAnswer, SessionBody},
};

/// A session as its client gets it.
pub(crate) struct ClientSession {
    pub(crate) account: AccountBody,
    /// Has the token for a client without cookies.
    pub(crate) session: SessionBody,
    /// Has the token for a browser.
    pub(crate) cookie: Option<Cookie<'static>>,
}

/// Issues sessions to clients.
pub(crate) struct ClientSessions {
    pub(crate) issuer: Arc<SessionIssuer>,
    pub(crate) cookies: Arc<Cookies>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl ClientSessions {
    /// Issues the session of a registered login to the client that has the poll token.
    ///
    /// # Errors
    /// Those of [`SessionIssuer::issue`].
    pub(crate) async fn issue(
        &self,
        auth: &AuthenticatedLogin,
        login: &Login,
        client: ClientInfo,
        source: CredentialSource,
    ) -> Result<ClientSession, ServiceError> {
        let issued = self.issuer.issue(auth, login, client).await?;
        let (cookie, with_token) = match source {
            CredentialSource::Cookie => {
                (Some(self.cookies.session(issued.token.reveal().to_string())), false)
            }
            CredentialSource::Bearer => (None, true),
        };
        let account = AccountBody::new(&issued.account);
        // The session may have begun only now: read earlier, the clock would give it too much time.
        let session = SessionBody::new(&issued, with_token, self.clock.now());
        Ok(ClientSession { account, session, cookie })
    }

    /// Says how a login stands. A registered one gets its session, for a browser with the cookie to set.
    ///
    /// # Errors
    /// Those of [`SessionIssuer::issue`].
    pub(crate) async fn answer(
        &self,
        credential: &LoginCredential,
        login: &Login,
        client: impl FnOnce() -> ClientInfo,
    ) -> Result<(LoginAnswer, Option<Cookie<'static>>), ServiceError> {
        let answer = self.answer_without_session(login);
        match login.state {
            LoginState::Loop { .. }
            | LoginState::Scanned { .. }
            | LoginState::Unregistered { .. }
            | LoginState::Expired { .. } => Ok((answer, None)),
            LoginState::Registered { .. } => {
                let issued = self.issue(&credential.login, login, client(), credential.source).await?;
                Ok((answer.with_session(issued.account, issued.session), issued.cookie))
            }
        }
    }

    /// Says how a login stands, without its session.
    pub(crate) fn answer_without_session(&self, login: &Login) -> LoginAnswer {
        LoginAnswer::new(login, self.clock.now())
    }
}
