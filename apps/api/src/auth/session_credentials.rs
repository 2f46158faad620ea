//! The token of a session, as a client shows it.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{Error, FromRequest, HttpRequest, dev::Payload, web::Data};
use saoma_domain::{
    ports::ActiveSession,
    services::{ServiceError, SessionService},
    session::SessionToken,
};

use super::{AllowedOrigins, Cookies, CredentialSource, credential_source::bearer};
use crate::{
    extract::Caller,
    problem::{ErrorCode, Problem},
};

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
    pub(crate) async fn reading(&self, request: &HttpRequest) -> Result<ActiveSession, Problem> {
        let (text, _) = self.find(request).ok_or(ServiceError::SessionInvalid)?;
        let token = self.verify(request, &text).await?;
        Ok(self.sessions.check(&token).await?)
    }

    /// Checks the session of a call that changes something.
    ///
    /// # Errors
    /// As [`SessionCredentials::reading`]; `origin_refused` where a cookie authorises the call and its origin is not
    /// allowed.
    pub(crate) async fn changing(&self, request: &HttpRequest) -> Result<ActiveSession, Problem> {
        let token = self.token_to_change(request).await?;
        Ok(self.sessions.check(&token).await?)
    }

    /// Returns the token of a call that changes something; its session is still to be checked.
    async fn token_to_change(&self, request: &HttpRequest) -> Result<SessionToken, Problem> {
        let (text, source) = self.find(request).ok_or(ServiceError::SessionInvalid)?;
        self.origins.require_for(source, request)?;
        Ok(self.verify(request, &text).await?)
    }

    fn find(&self, request: &HttpRequest) -> Option<(String, CredentialSource)> {
        Some(match bearer(request) {
            Some(token) => (token.to_owned(), CredentialSource::Bearer),
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
    pub(crate) async fn reading(&self) -> Result<ActiveSession, Problem> {
        self.credentials.reading(&self.request).await
    }

    /// As [`SessionCredentials::changing`].
    pub(crate) async fn changing(&self) -> Result<ActiveSession, Problem> {
        self.credentials.changing(&self.request).await
    }

    /// Returns the token of a call that ends its own session; `None` where there is none that was issued.
    ///
    /// # Errors
    /// `origin_refused` where a cookie authorises the call and its origin is not allowed, `rate_limited` for a client
    /// that makes up tokens.
    pub(crate) async fn token_to_end(&self) -> Result<Option<SessionToken>, Problem> {
        match self.credentials.token_to_change(&self.request).await {
            Err(problem) if problem.code() == ErrorCode::SessionInvalid => Ok(None),
            token => token.map(Some),
        }
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
