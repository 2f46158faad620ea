//! The token of a session, as a client shows it.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{Error, FromRequest, HttpRequest, dev::Payload, http::StatusCode, web::Data};
use saoma_domain::{
    ports::ActiveSession,
    services::{ServiceError, SessionService},
    session::SessionToken,
};

use super::{
    AllowedOrigins, Cookies, CredentialSource, credential_source::bearer, credential_source::bearers,
};
use crate::{
    extract::Caller,
    problem::{ErrorCode, Problem},
};

/// How many sessions one call can end by naming their tokens.
const MOST_ENDED: usize = 8;

/// Checks the session tokens of calls.
pub(crate) struct SessionCredentials {
    pub(crate) sessions: Arc<SessionService>,
    pub(crate) cookies: Arc<Cookies>,
    pub(crate) origins: Arc<AllowedOrigins>,
}

impl SessionCredentials {
    /// Checks the session of a call that only reads.
    ///
    /// # Errors
    /// `session_invalid` without a valid session, `rate_limited` for a client that makes up tokens, `account_disabled`,
    /// `store_unavailable`.
    pub(crate) async fn reading(&self, request: &HttpRequest) -> Result<Arc<ActiveSession>, Problem> {
        let (text, _) = self.find(request).ok_or(ServiceError::SessionInvalid)?;
        let token = self.verify(request, text).await?;
        Ok(self.sessions.check(&token).await?)
    }

    /// Checks the session of a call that changes something.
    ///
    /// # Errors
    /// As [`SessionCredentials::reading`]; `origin_refused` where a cookie authorises the call and its origin is not
    /// allowed.
    pub(crate) async fn changing(&self, request: &HttpRequest) -> Result<Arc<ActiveSession>, Problem> {
        let (text, source) = self.find(request).ok_or(ServiceError::SessionInvalid)?;
        self.origins.require_for(source, request)?;
        Ok(self.sessions.check(&self.verify(request, text).await?).await?)
    }

    /// Returns whether a call shows a token, good or not.
    #[cfg(feature = "oidc")]
    pub(crate) fn has_token(&self, request: &HttpRequest) -> bool {
        self.find(request).is_some()
    }

    /// Returns every token that a call names, as cookie or in a header, unchecked; `None` for one that cannot be read.
    fn all(&self, request: &HttpRequest) -> Result<Vec<Option<String>>, Problem> {
        let mut named: Vec<&[u8]> = bearers(request).collect();
        let source = if named.is_empty() { CredentialSource::Cookie } else { CredentialSource::Bearer };
        named.extend(self.cookies.all_sessions(request));
        if !named.is_empty() {
            self.origins.require_for(source, request)?;
        }
        let read = |token: &[u8]| {
            let text = std::str::from_utf8(token).ok().filter(|text| SessionToken::has_form(text));
            text.map(str::to_owned)
        };
        Ok(named.into_iter().map(read).collect())
    }

    fn find<'r>(&self, request: &'r HttpRequest) -> Option<(&'r str, CredentialSource)> {
        Some(match bearer(request) {
            Some(token) => (token, CredentialSource::Bearer),
            None => (self.cookies.find_session(request)?, CredentialSource::Cookie),
        })
    }

    async fn verify(&self, request: &HttpRequest, text: &str) -> Result<SessionToken, ServiceError> {
        self.sessions.verify_token(text, || Caller::of(request).subject).await
    }
}

/// A call about the session of the client, whose token is still to be checked.
pub(crate) struct SessionCall {
    credentials: Data<SessionCredentials>,
    request: HttpRequest,
}

impl SessionCall {
    /// As [`SessionCredentials::reading`].
    pub(crate) async fn reading(&self) -> Result<Arc<ActiveSession>, Problem> {
        self.credentials.reading(&self.request).await
    }

    /// As [`SessionCredentials::changing`].
    pub(crate) async fn changing(&self) -> Result<Arc<ActiveSession>, Problem> {
        self.credentials.changing(&self.request).await
    }

    /// As [`SessionCall::changing`], or with the token that the body shows: that of a device which has no room for it in the head.
    pub(crate) async fn changing_with(&self, token: Option<&str>) -> Result<Arc<ActiveSession>, Problem> {
        let Some(token) = token else { return self.changing().await };
        let token = self.credentials.verify(&self.request, token).await?;
        Ok(self.credentials.sessions.check(&token).await?)
    }

    /// Ends every session that the call names; one that has ended already is fine.
    ///
    /// # Errors
    /// `origin_refused` where only cookies authorise the call and its origin is not allowed; `body_invalid` (400) where a
    /// token cannot be read, so that no person believes to be logged out: the sessions of the others are over;
    /// `rate_limited` for a client that makes up tokens.
    pub(crate) async fn end_all(&self) -> Result<(), Problem> {
        let tokens = self.credentials.all(&self.request)?;
        for token in tokens.iter().flatten().take(MOST_ENDED) {
            match self.credentials.verify(&self.request, token).await {
                Ok(token) => self.credentials.sessions.log_out(&token).await?,
                // A token that was not issued here has no session to end.
                Err(ServiceError::SessionInvalid) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if tokens.iter().any(Option::is_none) || tokens.len() > MOST_ENDED {
            let detail = "a session token of this call cannot be read: its session, if there is one, goes on";
            return Err(Problem::new(ErrorCode::BodyInvalid, detail).with_status(StatusCode::BAD_REQUEST));
        }
        Ok(())
    }
}

impl FromRequest for SessionCall {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let credentials = Data::from_request(request, payload).into_inner();
        ready(credentials.map(|credentials| Self { credentials, request: request.clone() }))
    }
}
