//! What becomes of a browser that a client sends: it logs in, agrees, and goes back with a code.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use saoma_domain::{
    account::AccountId,
    oidc::{
        AuthorizationRequest, AuthorizeError as Error, Client, Parameters, RefusedRedirect, RefusedRequest,
    },
    ports::ActiveSession,
    services::ServiceError,
};
use url::form_urlencoded::Serializer;

use super::{OpenIdProvider, login::AUTHORIZE, logout::claim, read_parameters, redirect};
use crate::{
    extract::Caller,
    problem::{ErrorCode, Problem},
};

/// A request that was read, and how far it has come.
pub(super) struct Asked<'p> {
    pub(super) request: AuthorizationRequest,
    pub(super) client: &'p Client,
    pub(super) parameters: Parameters,
}

/// A request that does not go on: its answer.
pub(super) struct Stopped(pub(super) Box<HttpResponse>);

impl From<HttpResponse> for Stopped {
    fn from(answer: HttpResponse) -> Self {
        Self(Box::new(answer))
    }
}

impl OpenIdProvider {
    /// Answers a browser that a client sends.
    pub(crate) async fn authorize(&self, http: &HttpRequest, sent: String, caller: Caller) -> HttpResponse {
        let sent = self.request_of(http, sent);
        match self.try_authorize(http, &sent, caller).await {
            Ok(answer) => answer,
            Err(Stopped(answer)) => *answer,
        }
    }

    async fn try_authorize(
        &self,
        http: &HttpRequest,
        sent: &str,
        caller: Caller,
    ) -> Result<HttpResponse, Stopped> {
        let asked = self.asked(http, sent)?;
        if self.came_without_cookies(http) {
            return Ok(self.again_by_get(http, AUTHORIZE, &asked.parameters));
        }
        let active = self.logged_in(http, &asked).await?;
        let Asked { request, client, .. } = &asked;
        let needs = self.service.needs_consent(client, active.account.id, request).await;
        if needs.map_err(|error| self.failed(http, request, &error))? {
            if request.prompt.none {
                let told = request.refused(Error::ConsentRequired, "the person has to agree first");
                return Err(self.tell(http, &told).into());
            }
            return Ok(self.ask(http, &asked, &active));
        }
        self.grant(http, request, &active, false, caller).await
    }

    /// Reads the request.
    pub(super) fn asked(&self, http: &HttpRequest, sent: &str) -> Result<Asked<'_>, Stopped> {
        let parameters = read_parameters(sent);
        let find = |id: &str| self.clients.find(id).map(|client| &client.client);
        let request = AuthorizationRequest::check(&parameters, find).map_err(|refused| match refused {
            RefusedRequest::Page(target) => self.pages.unknown_target(http, target),
            RefusedRequest::Redirect(told) => self.tell(http, &told),
        })?;
        let client = find(request.client.as_str());
        let client = client.ok_or_else(|| {
            self.tell(http, &request.refused(Error::UnauthorizedClient, "the client is not configured"))
        })?;
        Ok(Asked { request, client, parameters })
    }

    /// Returns the session of the browser, where its login is new enough and of the person that the client means.
    pub(super) async fn logged_in(
        &self,
        http: &HttpRequest,
        asked: &Asked<'_>,
    ) -> Result<Arc<ActiveSession>, Stopped> {
        let Asked { request, .. } = asked;
        let meant = self.meant(http, request).await?;
        let active = match self.credentials.reading(http).await {
            Ok(active) => active,
            Err(problem) if problem.code() == ErrorCode::SessionInvalid => {
                let anew = request.prompt.login || request.max_age.is_some() || meant.is_some();
                return Err(self.log_in(http, asked, anew).into());
            }
            Err(problem) => return Err(self.not_read(http, request, &problem).into()),
        };
        let is_meant = meant.is_none_or(|meant| meant == active.account.id);
        if is_meant && request.takes_login_of(active.session.created_at, self.clock.now()) {
            return Ok(active);
        }
        let has_logged_in_anew = request.login_after.is_some_and(|asked| active.session.created_at >= asked);
        if !is_meant && has_logged_in_anew {
            let told =
                request.refused(Error::LoginRequired, "another person has logged in than the one meant");
            return Err(self.tell(http, &told).into());
        }
        Err(self.log_in(http, asked, true).into())
    }

    /// Returns the account that the client means by an ID token that this service has issued, expired or not.
    async fn meant(
        &self,
        http: &HttpRequest,
        request: &AuthorizationRequest,
    ) -> Result<Option<AccountId>, Stopped> {
        let Some(hint) = &request.id_token_hint else { return Ok(None) };
        let claims = self.hint_claims(hint).await;
        let claims = claims.filter(|claims| claim(claims, "aud") == Some(request.client.as_str()));
        let account = claims.and_then(|claims| AccountId::parse(claim(&claims, "sub")?));
        account.map(Some).ok_or_else(|| {
            let told = request.refused(Error::InvalidRequest, "id_token_hint is no ID token of this client");
            self.tell(http, &told).into()
        })
    }

    fn log_in(&self, http: &HttpRequest, asked: &Asked<'_>, anew: bool) -> HttpResponse {
        let Asked { request, parameters, .. } = asked;
        if request.prompt.none {
            return self.tell(http, &request.refused(Error::LoginRequired, "the person has to log in first"));
        }
        let sent = self.to_login(http, parameters, anew);
        sent.unwrap_or_else(|| {
            self.tell(http, &request.refused(Error::InvalidRequest, "the request is too long"))
        })
    }

    /// Grants the request, and sends the browser back with the code.
    pub(super) async fn grant(
        &self,
        http: &HttpRequest,
        request: &AuthorizationRequest,
        active: &ActiveSession,
        consented: bool,
        caller: Caller,
    ) -> Result<HttpResponse, Stopped> {
        let granted = self.service.grant(request, active, consented, caller.client_info).await;
        let Some(code) = granted.map_err(|error| self.failed(http, request, &error))? else {
            let told = request.refused(Error::LoginRequired, "the session has just ended");
            return Err(self.tell(http, &told).into());
        };
        Ok(self.back(http, &request.redirect_uri, request.state.as_deref(), &[("code", &code.reveal())]))
    }

    /// Tells the client why its request is refused.
    pub(super) fn tell(&self, http: &HttpRequest, told: &RefusedRedirect) -> HttpResponse {
        let error = [("error", told.error.as_str()), ("error_description", told.description)];
        self.back(http, &told.redirect_uri, told.state.as_deref(), &error)
    }

    fn failed(
        &self,
        http: &HttpRequest,
        request: &AuthorizationRequest,
        error: &ServiceError,
    ) -> HttpResponse {
        if !matches!(error, ServiceError::RateLimited { .. }) {
            tracing::error!(%error, "an OpenID request was not served: {error}");
        }
        self.tell(http, &request.refused(Error::TemporarilyUnavailable, "try again in a moment"))
    }

    fn not_read(
        &self,
        http: &HttpRequest,
        request: &AuthorizationRequest,
        problem: &Problem,
    ) -> HttpResponse {
        if problem.code() == ErrorCode::AccountDisabled {
            return self.tell(http, &request.refused(Error::AccessDenied, "the account is disabled"));
        }
        self.tell(http, &request.refused(Error::TemporarilyUnavailable, "try again in a moment"))
    }

    /// Sends the browser back to the client. The issuer is in every answer, so that a client with several of them cannot mix them
    /// up (RFC 9207).
    fn back(
        &self,
        http: &HttpRequest,
        redirect_uri: &str,
        state: Option<&str>,
        more: &[(&str, &str)],
    ) -> HttpResponse {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(more);
        if let Some(state) = state {
            query.append_pair("state", state);
        }
        query.append_pair("iss", &self.issuer);
        let separator = if redirect_uri.contains('?') { '&' } else { '?' };
        let address = format!("{redirect_uri}{separator}{}", query.finish());
        redirect(http, &address)
    }
}
