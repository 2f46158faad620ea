//! Starts logins, for every endpoint that does: the one place that checks a request to log in, and that gives the client
//! the poll token, as a cookie or in the body.

mod by_link;
mod checked_start;
mod qr_body;
mod started;

use std::sync::Arc;

use actix_web::HttpRequest;
use saoma_domain::{
    account::AccountId,
    login::{AuthenticatedLogin, Login, LoginContext, LoginState},
    ports::{Clock, LoginStep, LoginSteps},
    services::{AppLogin, LinkOpening, LoginStart, MiniProgramLogin, StartLogin},
    wechat::AppName,
};

use super::{ClientSessions, MachineGuard};
use crate::{
    auth::{BrowserBinding, Cookies, CredentialSource, OAuthState, OAuthStates},
    dto::{ClientKind, LoginChannel, QrBody, StartRequest, StartedBody, WxLoginBody},
    extract::Caller,
    login_watch::{LoginWatch, Step, WatchedLogin},
    pages::{ReturnAddresses, check_fits_cookie},
    problem::{ErrorCode, Problem},
    wechat_apps::WechatApps,
};
use checked_start::{CheckedStart, purpose};
use qr_body::{qr_body, round_code};
use started::StartedForClient;

/// The path that browsers are sent to WeChat from.
pub(crate) const OAUTH_AUTHORIZE: &str = "/v1/oauth/authorize";

/// The path that WeChat sends browsers back to.
pub(crate) const OAUTH_CALLBACK: &str = "/v1/oauth/callback";

/// What logins by a number alone are counted by, in place of an app.
const BY_NUMBER: &str = "sms";

/// Starts logins by every channel.
pub(crate) struct LoginStarts {
    pub(crate) start: Arc<LoginStart>,
    pub(crate) links: Arc<LinkOpening>,
    pub(crate) mini_program: Arc<MiniProgramLogin>,
    pub(crate) app: Arc<AppLogin>,
    pub(crate) sessions: Arc<ClientSessions>,
    pub(crate) apps: Arc<WechatApps>,
    pub(crate) return_addresses: Arc<ReturnAddresses>,
    pub(crate) cookies: Arc<Cookies>,
    pub(crate) binding: Arc<BrowserBinding>,
    pub(crate) oauth_states: Arc<OAuthStates>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) watch: Arc<LoginWatch>,
    pub(crate) steps: Arc<dyn LoginSteps>,
    pub(crate) machines: Arc<MachineGuard>,
    /// Where WeChat sends browsers back to.
    pub(crate) redirect_uri: String,
}

impl LoginStarts {
    /// Checks a request to log in; with `link_to`, to link the person to an account.
    ///
    /// # Errors
    /// `app_unknown`, `body_invalid`, `return_to_refused`.
    pub(crate) fn check(
        &self,
        request: &HttpRequest,
        caller: Caller,
        body: StartRequest,
        link_to: Option<AccountId>,
    ) -> Result<CheckedStart, Problem> {
        let app = self.app_of(&body, link_to)?;
        if body.channel.is_by_code() != body.code.is_some() {
            return Err(Problem::new(
                ErrorCode::BodyInvalid,
                "`code` is for `mini_program` and `app`, and needed there",
            ));
        }
        let purpose = purpose(body.purpose.as_deref())?;
        if let Some(address) = &body.return_to {
            self.return_addresses.check(address)?;
            if body.channel.is_redirect() {
                check_fits_cookie(address)?;
            }
        }
        let context =
            LoginContext { channel: body.channel.into(), app, purpose, client_info: caller.client_info };
        let start = StartLogin { context, client: caller.subject, link_to, consent: body.consent.clone() };
        Ok(CheckedStart { body, start, browser: self.binding.browser_of(request) })
    }

    /// Starts a login.
    ///
    /// # Errors
    /// `rate_limited`, `wechat_code_invalid`, `wechat_unavailable`, `wechat_refused`, `store_unavailable`, and those of
    /// issuing a session.
    pub(crate) async fn start(
        &self,
        request: &HttpRequest,
        start: CheckedStart,
    ) -> Result<StartedForClient, Problem> {
        let unnamed = WatchedLogin::new(None, (&start.start.context).into());
        let started = match start.body.channel {
            LoginChannel::OfficialAccount => match self.apps.account_code(&start.start.context.app) {
                None => self.with_qr(start).await,
                Some(picture) => self.by_message(start, picture).await,
            },
            LoginChannel::Website | LoginChannel::InWechat => self.with_redirect(start).await,
            LoginChannel::MiniProgram => self.by_mini_program(request, start).await,
            LoginChannel::MiniProgramCode => self.with_mini_program_code(start).await,
            LoginChannel::App => self.by_app(request, start).await,
            LoginChannel::Sms => self.by_number(start).await,
        };
        self.watch.noted(request, &unnamed, Step::Started, started)
    }

    /// Returns the name of the app that is asked who it is; a login by a number alone is counted by a word of its own.
    fn app_of(&self, body: &StartRequest, link_to: Option<AccountId>) -> Result<AppName, Problem> {
        let Some(kind) = body.channel.app_kind() else {
            if link_to.is_some() {
                return Err(Problem::new(ErrorCode::BodyInvalid, "`sms` is no WeChat user to add"));
            }
            return AppName::parse(BY_NUMBER).map_err(|_| Problem::new(ErrorCode::Internal, BY_NUMBER));
        };
        let app = match body.channel {
            LoginChannel::MiniProgramCode => self.apps.require_login_page(body.app.as_deref())?,
            LoginChannel::OfficialAccount
            | LoginChannel::Website
            | LoginChannel::InWechat
            | LoginChannel::MiniProgram
            | LoginChannel::App
            | LoginChannel::Sms => self.apps.require(kind, body.app.as_deref())?,
        };
        Ok(app.name.clone())
    }

    async fn by_number(&self, start: CheckedStart) -> Result<StartedForClient, Problem> {
        self.machines.require(start.start.client, start.body.check.as_ref()).await?;
        let (auth, login) = self.start.by_number(start.start.clone()).await?;
        Ok(self.started(&start, &auth, &login))
    }

    async fn with_qr(&self, start: CheckedStart) -> Result<StartedForClient, Problem> {
        let started = self.start.with_qr(start.start.clone()).await?;
        let mut answer = self.started(&start, &started.auth, &started.login);
        answer.body.qr = Some(qr_body(started.qr, start.body.qr_format)?);
        Ok(answer)
    }

    /// The picture is of the account's own QR code, in WeChat's format whatever the client asks for.
    async fn by_message(&self, start: CheckedStart, picture: &str) -> Result<StartedForClient, Problem> {
        let started = self.start.by_message(start.start.clone()).await?;
        let mut answer = self.started(&start, &started.auth, &started.login);
        answer.body.qr = Some(QrBody::of_account(picture, started.code.reveal()));
        Ok(answer)
    }

    async fn with_mini_program_code(&self, start: CheckedStart) -> Result<StartedForClient, Problem> {
        let started = self.start.with_mini_program_code(start.start.clone()).await?;
        let mut answer = self.started(&start, &started.auth, &started.login);
        answer.body.qr = Some(round_code(&started.code)?);
        Ok(answer)
    }

    async fn with_redirect(&self, start: CheckedStart) -> Result<StartedForClient, Problem> {
        let started = self.start.with_oauth(start.start.clone(), &self.redirect_uri).await?;
        let mut answer = self.started(&start, &started.auth, &started.login);
        let authorization = started.authorization;
        answer.body.authorize_url = Some(authorization.url);
        answer.body.wx_login = Some(WxLoginBody {
            appid: authorization.app_id,
            scope: authorization.scope,
            redirect_uri: self.redirect_uri.clone(),
            state: started.auth.id().to_string(),
        });
        answer.oauth_state = Some(self.oauth_states.issue(OAuthState {
            login: started.auth,
            browser: start.browser,
            app: start.start.context.app,
            channel: start.body.channel,
            return_to: start.body.return_to,
            opens: None,
        }));
        Ok(answer)
    }

    async fn by_mini_program(
        &self,
        request: &HttpRequest,
        start: CheckedStart,
    ) -> Result<StartedForClient, Problem> {
        let logged_in = self.mini_program.log_in(start.start.clone(), start.code()?).await?;
        self.logged_in(request, &start, logged_in).await
    }

    async fn by_app(&self, request: &HttpRequest, start: CheckedStart) -> Result<StartedForClient, Problem> {
        let logged_in = self.app.log_in(start.start.clone(), start.code()?).await?;
        self.logged_in(request, &start, logged_in).await
    }

    /// Answers with a login whose code said who it is.
    async fn logged_in(
        &self,
        request: &HttpRequest,
        start: &CheckedStart,
        (auth, login): (AuthenticatedLogin, Login),
    ) -> Result<StartedForClient, Problem> {
        let watched = WatchedLogin::new(Some(auth.id()), (&start.start.context).into());
        self.watch.scanned_now(request, &watched, &login);
        let mut answer = self.started(start, &auth, &login);
        if let LoginState::Registered { .. } = login.state {
            let client = start.start.context.client_info.clone();
            let source = source_of(start.body.client);
            let issued = self.sessions.issue(&auth, &login, client, source).await?;
            answer.body.account = Some(issued.account);
            answer.body.session = Some(issued.session);
            answer.cookies.extend(issued.cookie);
        }
        Ok(answer)
    }

    /// Gives the login's client the poll token: a device in the body, a browser as a cookie.
    fn started(&self, start: &CheckedStart, auth: &AuthenticatedLogin, login: &Login) -> StartedForClient {
        let CheckedStart { body: StartRequest { channel, client, .. }, start, browser } = start;
        let (app, purpose) = (&start.context.app, &start.context.purpose);
        self.steps.count(LoginStep::Started, Some(channel.as_str()), app, purpose);
        let app = channel.app_kind().is_some().then(|| start.context.app.to_string());
        let mut body = StartedBody::new(login, *channel, app, self.clock.now());
        let mut cookies = Vec::new();
        let poll_token = auth.token().reveal().to_string();
        match client {
            ClientKind::Browser => {
                let value = self.binding.bind(browser, auth.id(), poll_token);
                cookies.push(self.cookies.login(auth.id(), value));
            }
            ClientKind::Device => body.poll_token = Some(poll_token),
        }
        if *client == ClientKind::Browser || channel.is_redirect() {
            cookies.extend(self.binding.cookie(browser));
        }
        StartedForClient { login: auth.id(), body, cookies, oauth_state: None }
    }
}

/// Returns how a client of this kind shows its secrets.
fn source_of(client: ClientKind) -> CredentialSource {
    match client {
        ClientKind::Browser => CredentialSource::Cookie,
        ClientKind::Device => CredentialSource::Bearer,
    }
}
