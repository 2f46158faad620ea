//! The poll token of a login, as a client shows it.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    Error, FromRequest, HttpRequest,
    dev::Payload,
    web::{Data, Path},
};
use saoma_domain::{login::AuthenticatedLogin, services::LoginAuthenticator};

use super::{
    AllowedOrigins, BrowserBinding, Cookies, CredentialSource, credential_source::bearer, origin::refused,
};
use crate::{extract::is_marked_navigation, problem::Problem};

/// A login whose poll token the client has shown.
pub(crate) struct LoginCredential {
    pub(crate) login: AuthenticatedLogin,
    pub(crate) source: CredentialSource,
}

/// Checks the poll tokens of calls.
pub(crate) struct LoginCredentials {
    pub(crate) authenticator: Arc<LoginAuthenticator>,
    pub(crate) cookies: Arc<Cookies>,
    pub(crate) binding: Arc<BrowserBinding>,
    pub(crate) origins: Arc<AllowedOrigins>,
}

impl LoginCredentials {
    /// Checks the poll token of a call that only reads.
    ///
    /// # Errors
    /// `login_unknown` for a missing or wrong token, `origin_refused` where a link led a browser here.
    pub(crate) fn reading(&self, request: &HttpRequest, id: &str) -> Result<LoginCredential, Problem> {
        let (token, source) = match bearer(request) {
            Some(token) => (Some(token), CredentialSource::Bearer),
            None => {
                let value = self.cookies.find_login(request);
                let token = value.and_then(|value| self.binding.unbind(request, id, value));
                (token, CredentialSource::Cookie)
            }
        };
        // A missing token goes the way of a wrong one, so that both look alike.
        let login = self.authenticator.authenticate_login(id, token.unwrap_or_default())?;
        // A link must not lead a browser here: the poll token in it may be one that another site has planted.
        if source == CredentialSource::Cookie && is_marked_navigation(request) {
            return Err(refused());
        }
        Ok(LoginCredential { login, source })
    }
}

/// A call about the login that its path names, whose poll token is still to be checked.
pub(crate) struct LoginCall {
    credentials: Data<LoginCredentials>,
    request: HttpRequest,
    id: String,
}

impl LoginCall {
    /// Returns the request.
    pub(crate) fn request(&self) -> &HttpRequest {
        &self.request
    }

    /// As [`LoginCredentials::reading`].
    pub(crate) fn reading(&self) -> Result<LoginCredential, Problem> {
        self.credentials.reading(&self.request, &self.id)
    }

    /// Checks the poll token of a call that changes something.
    ///
    /// # Errors
    /// As [`LoginCall::reading`]; `origin_refused` also where a cookie authorises the call and its origin is not allowed.
    pub(crate) fn changing(&self) -> Result<LoginCredential, Problem> {
        let credential = self.reading()?;
        self.credentials.origins.require_for(credential.source, &self.request)?;
        Ok(credential)
    }
}

impl FromRequest for LoginCall {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let id = Path::<String>::from_request(request, payload).into_inner();
        let credentials = Data::from_request(request, payload).into_inner();
        let call = |id: Path<String>, credentials| Self {
            credentials,
            request: request.clone(),
            id: id.into_inner(),
        };
        ready(id.and_then(|id| Ok(call(id, credentials?))))
    }
}
