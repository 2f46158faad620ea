//! Takes a browser that WeChat sends back: finishes its login and says where the browser goes next.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, cookie::Cookie, http::header};
use saoma_domain::{
    login::{ClientInfo, Login, LoginState, ScenePurpose},
    ports::WechatError,
    services::{LinkOpening, OAuthReturn, OAuthReturns, ServiceError},
};

use super::{ClientSessions, OAUTH_CALLBACK};
use crate::{
    auth::{BrowserBinding, Cookies, CredentialSource, OAuthState},
    chat_replies::ChatSite,
    extract::{Caller, is_browser_navigation, is_wechat_code},
    login_watch::{LoginLabels, LoginWatch, Step, WatchedLogin},
    node::{Metrics, detached},
    pages::{LoginPage, ReturnAddresses},
    problem::Problem,
};

/// Takes browsers that WeChat sends back.
pub(crate) struct ReturnHandling {
    pub(crate) returns: Arc<OAuthReturns>,
    pub(crate) links: Arc<LinkOpening>,
    /// The site, for the page that asks the phone.
    pub(crate) site: Arc<ChatSite>,
    /// Where a link to a login is opened.
    pub(crate) link_path: String,
    pub(crate) sessions: Arc<ClientSessions>,
    pub(crate) cookies: Arc<Cookies>,
    pub(crate) binding: Arc<BrowserBinding>,
    pub(crate) login_page: Arc<LoginPage>,
    pub(crate) return_addresses: Arc<ReturnAddresses>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) watch: Arc<LoginWatch>,
}

impl ReturnHandling {
    /// Finishes the login that the browser brings back, and redirects the browser.
    ///
    /// # Errors
    /// `oauth_state_invalid`, and failures of the stores; failures of WeChat only for programs, since a person is sent
    /// to the login page with them.
    pub(crate) async fn take(
        &self,
        request: &HttpRequest,
        caller: Caller,
        state: &OAuthState,
        code: Option<String>,
    ) -> Result<HttpResponseBuilder, Problem> {
        let watched = self.watched(state).await;
        match self.finish(&caller, state, code).await {
            Ok(login) => {
                self.watch.scanned_now(request, &watched, &login);
                self.redirect_by_state(caller.client_info, state, &login).await
            }
            Err(error) => self.redirect_by_error(request, state, &watched, error),
        }
    }

    async fn finish(
        &self,
        caller: &Caller,
        state: &OAuthState,
        code: Option<String>,
    ) -> Result<Login, ServiceError> {
        if code.as_deref().is_some_and(|code| !is_wechat_code(code)) {
            return Err(ServiceError::CodeInvalid);
        }
        let back = back(caller, state, code);
        let (returns, login) = (Arc::clone(&self.returns), state.login.clone());
        // A code that was exchanged is used up, even if the browser hangs up meanwhile.
        detached("taking a return", async move { returns.finish(&login, back).await }).await
    }

    async fn redirect_by_state(
        &self,
        client: ClientInfo,
        state: &OAuthState,
        login: &Login,
    ) -> Result<HttpResponseBuilder, Problem> {
        let id = state.login.id();
        let (outcome, address, cookie) = match login.state {
            LoginState::Registered { .. } => {
                ("logged_in", self.after_login(state), self.session_cookie(client, state, login).await?)
            }
            LoginState::Unregistered { .. } => {
                let poll_token = state.login.token().reveal().to_string();
                let value = self.binding.bind(&state.browser, id, poll_token);
                let address = self.to_login_page(state, ("login", &id.to_string()));
                ("phone_needed", address, Some(self.cookies.login(id, value)))
            }
            LoginState::Expired { .. } => ("denied", self.to_login_page(state, ("error", "denied")), None),
            LoginState::Loop { .. } | LoginState::Scanned { .. } => {
                return Err(ServiceError::OAuthState.into());
            }
        };
        self.metrics.oauth_return(outcome);
        let mut answer = redirect(address);
        if let Some(cookie) = cookie {
            answer.cookie(cookie);
        }
        Ok(answer)
    }

    async fn session_cookie(
        &self,
        client: ClientInfo,
        state: &OAuthState,
        login: &Login,
    ) -> Result<Option<Cookie<'static>>, Problem> {
        match self.sessions.issue(&state.login, login, client, CredentialSource::Cookie).await {
            Ok(issued) => Ok(issued.cookie),
            // The address was loaded again long after the session was issued.
            Err(ServiceError::LoginClosed) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Says why the login failed: to a person on the login page, to a program by a problem.
    pub(super) fn redirect_by_error(
        &self,
        request: &HttpRequest,
        state: &OAuthState,
        watched: &WatchedLogin,
        error: ServiceError,
    ) -> Result<HttpResponseBuilder, Problem> {
        let is_snapshot = matches!(error, ServiceError::SnapshotUser);
        let is_of_wechat = is_snapshot
            || matches!(error, ServiceError::RegistrationClosed | ServiceError::Refused(_))
            || matches!(error, ServiceError::CodeInvalid)
            || matches!(&error, ServiceError::Wechat(error) if !matches!(error, WechatError::UnknownApp));
        let problem = Problem::from(error);
        let word = if is_snapshot { "snapshot" } else { problem.code().as_str() };
        self.metrics.oauth_return(word);
        self.watch.failed(request, watched, Step::Scanned, word);
        if !is_of_wechat || !is_browser_navigation(request) {
            // Where a store failed before the code was used, loading the address again goes on.
            return Err(problem);
        }
        problem.log("-", || OAUTH_CALLBACK.to_owned());
        Ok(redirect(self.to_login_page(state, ("error", word))))
    }

    /// Returns the login as it is counted: the cache may have lost its purpose.
    async fn watched(&self, state: &OAuthState) -> WatchedLogin {
        let labels = LoginLabels {
            channel: state.channel.into(),
            app: state.app.clone(),
            purpose: ScenePurpose::default(),
        };
        self.watch.find(state.login.id()).await.or(labels)
    }

    fn after_login(&self, state: &OAuthState) -> String {
        match &state.return_to {
            Some(address) => self.return_addresses.normalized(address),
            None => self.login_page.address().to_owned(),
        }
    }

    /// Returns the login page's address, which also says where to go afterwards.
    pub(super) fn to_login_page(&self, state: &OAuthState, parameter: (&str, &str)) -> String {
        let return_to = state.return_to.as_deref().map(|address| ("return_to", address));
        let parameters: Vec<(&str, &str)> = std::iter::once(parameter).chain(return_to).collect();
        self.login_page.with(&parameters)
    }
}

/// Returns a return as the services take it.
pub(super) fn back(caller: &Caller, state: &OAuthState, code: Option<String>) -> OAuthReturn {
    let (app, channel) = (state.app.clone(), state.channel.into());
    OAuthReturn { app, channel, client_info: caller.client_info.clone(), code }
}

pub(super) fn redirect(address: String) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Found();
    answer.insert_header((header::LOCATION, address));
    answer
}
