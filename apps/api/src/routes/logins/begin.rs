//! Starting a login by any way in, for `POST /v1/logins` and for those who are logged in already.

use actix_web::{HttpRequest, HttpResponse, cookie::Cookie};
use saoma_domain::{
    account::AccountId,
    login::{AuthenticatedLogin, Channel, Login, LoginContext, LoginState, ScenePurpose},
    services::StartLogin,
    time::Timestamp,
};

use crate::{
    config::AppConfig,
    http::{
        browser::Browser,
        client::Caller,
        problem::{Code, Problem},
        return_to, ticket,
    },
    qr,
    routes::oauth::redirect_uri,
    state::State,
    wire::{
        AccountBody, ClientKind, NewLogin, QrBody, QrFormat, SessionBody, StartedBody, WxLoginBody,
        app_channel, rfc3339,
    },
};

/// How often a client that does not wait may ask.
const POLL_INTERVAL_MS: u64 = 1000;

/// A wish that was checked.
pub(crate) struct Wish<'a> {
    asked: NewLogin,
    app: &'a AppConfig,
    channel: Channel,
    caller: Caller,
    browser: Browser,
    start: StartLogin,
}

impl<'a> Wish<'a> {
    /// Checks a wish, which may be to add an identity to an account.
    pub(crate) fn checked(
        state: &'a State,
        request: &HttpRequest,
        caller: Caller,
        asked: NewLogin,
        link_to: Option<AccountId>,
    ) -> Result<Self, Problem> {
        let (kind, channel) = app_channel(asked.channel);
        let app = state.app(kind, asked.app.as_deref()).ok_or_else(app_unknown)?;
        if (channel == Channel::MiniProgram) != asked.code.is_some() {
            return Err(Problem::new(Code::BodyInvalid, "`code` is for `mini_program`, and needed there"));
        }
        let start = start(state, &caller, app, channel, &asked, link_to)?;
        let browser = Browser::calling(state, request);
        Ok(Self { asked, app, channel, caller, browser, start })
    }

    /// Starts the login and answers with it.
    pub(crate) async fn begin(self, state: &State) -> Result<HttpResponse, Problem> {
        let by_redirect = matches!(self.channel, Channel::Website | Channel::InWechat);
        let is_bound = by_redirect || self.asked.client == ClientKind::Browser;
        let browser = self.browser.cookie(state).filter(|_| is_bound);
        let mut answer = match self.channel {
            Channel::OfficialAccount => self.by_qr(state).await,
            Channel::Website | Channel::InWechat => self.by_redirect(state).await,
            Channel::MiniProgram => self.by_code(state).await,
        }?;
        if let Some(cookie) = browser {
            add(&mut answer, &cookie)?;
        }
        Ok(answer)
    }

    async fn by_qr(self, state: &State) -> Result<HttpResponse, Problem> {
        let started = state.services.start.with_qr(self.start.clone()).await?;
        state.metrics.login("started");
        let content = started.qr.url;
        let unusable = |_| Problem::new(Code::WechatUnavailable, "WeChat's URL does not fit into a QR code");
        let (svg, png) = match self.asked.qr_format {
            QrFormat::Svg => (Some(qr::svg(&content).map_err(unusable)?), None),
            QrFormat::Png => (None, Some(qr::png(&content).map_err(unusable)?)),
        };
        let qr = QrBody { content, svg, png, image_url: started.qr.image_url };
        let body = StartedBody { qr: Some(qr), ..self.body(state, &started.login) };
        Ok(self.answer(state, &started.auth, body))
    }

    async fn by_redirect(self, state: &State) -> Result<HttpResponse, Problem> {
        let redirect_uri = redirect_uri(state);
        let started = state.services.start.with_oauth(self.start.clone(), &redirect_uri).await?;
        state.metrics.login("started");
        let state_text = started.auth.id().to_string();
        let authorization = started.authorization;
        let wx_login = WxLoginBody {
            appid: authorization.app_id,
            scope: authorization.scope,
            redirect_uri,
            state: state_text,
        };
        let body = StartedBody {
            authorize_url: Some(authorization.url),
            wx_login: Some(wx_login),
            ..self.body(state, &started.login)
        };
        let mut answer = self.answer(state, &started.auth, body);
        let return_to = self.start.context.return_to.as_deref();
        let channel = self.asked.channel;
        let luggage = ticket::issue(state, &self.browser, &started.auth, self.app, channel, return_to);
        add(&mut answer, &luggage)?;
        Ok(answer)
    }

    async fn by_code(self, state: &State) -> Result<HttpResponse, Problem> {
        let code = self.asked.code.as_deref().unwrap_or_default();
        if !is_code(code) {
            return Err(Problem::new(Code::WechatCodeInvalid, "this is no code of wx.login"));
        }
        let (held, login) = state.services.mini_program.log_in(self.start.clone(), code).await?;
        state.metrics.login("started");
        let mut body = self.body(state, &login);
        if !matches!(login.state, LoginState::Registered { .. }) {
            return Ok(self.answer(state, &held, body));
        }
        let granted =
            state.services.session_issuer.issue(&held, &login, self.caller.client_info.clone()).await?;
        let is_device = self.asked.client == ClientKind::Device;
        body.account = Some(AccountBody::new(&granted.account));
        body.session = Some(SessionBody::new(&granted, state.now(), is_device));
        let mut answer = self.answer(state, &held, body);
        if !is_device {
            let session = state.cookies.session(granted.token.reveal().to_string());
            add(&mut answer, &session)?;
        }
        Ok(answer)
    }

    fn body(&self, state: &State, login: &Login) -> StartedBody {
        let (deadline, reason) = match login.state {
            LoginState::Loop { deadline } | LoginState::Unregistered { deadline, .. } => {
                (Some(deadline), None)
            }
            LoginState::Registered { .. } => (None, None),
            LoginState::Expired { reason, .. } => (None, Some(reason.as_str())),
        };
        let now = state.now();
        StartedBody {
            id: login.id.to_string(),
            poll_token: None,
            state: login.state.name(),
            version: login.version,
            channel: self.channel.as_str(),
            app: self.app.name.to_string(),
            expires_at: deadline.map(rfc3339),
            expires_in: deadline.map(|deadline: Timestamp| deadline.secs_until(now)),
            poll_interval_ms: POLL_INTERVAL_MS,
            qr: None,
            authorize_url: None,
            wx_login: None,
            reason,
            account: None,
            session: None,
        }
    }

    /// Hands the poll token to the one who asked: a device in the body, a browser as a cookie.
    fn answer(&self, state: &State, held: &AuthenticatedLogin, mut body: StartedBody) -> HttpResponse {
        let poll_token = held.token().reveal().to_string();
        let mut answer = HttpResponse::Created();
        match self.asked.client {
            ClientKind::Browser => {
                let value = self.browser.bind(state, held.id(), poll_token);
                answer.cookie(state.cookies.login(held.id(), value));
            }
            ClientKind::Device => body.poll_token = Some(poll_token),
        }
        answer.json(body)
    }
}

fn add(answer: &mut HttpResponse, cookie: &Cookie<'_>) -> Result<(), Problem> {
    answer.add_cookie(cookie).map_err(|_| Problem::new(Code::Internal, "a cookie could not be set"))
}

/// Says that no app fits.
pub(crate) fn app_unknown() -> Problem {
    Problem::new(Code::AppUnknown, "no app of this name is configured for this channel")
}

/// Whether a text can be a code of WeChat's, of which the longest known have 64 characters.
pub(crate) fn is_code(text: &str) -> bool {
    (1..=512).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn start(
    state: &State,
    caller: &Caller,
    app: &AppConfig,
    channel: Channel,
    asked: &NewLogin,
    link_to: Option<AccountId>,
) -> Result<StartLogin, Problem> {
    let purpose = asked.purpose.clone().map_or_else(|| Ok(ScenePurpose::default()), ScenePurpose::parse);
    let purpose = purpose
        .map_err(|_| Problem::new(Code::BodyInvalid, "`purpose` has to be 1 to 16 of a-z, 0-9 and -"))?;
    if let Some(path) = &asked.return_to {
        return_to::check(path, &state.config)?;
        if matches!(channel, Channel::Website | Channel::InWechat) {
            return_to::check_fits_a_cookie(path)?;
        }
    }
    let context = LoginContext {
        channel,
        app: app.name.clone(),
        purpose,
        client_info: caller.client_info.clone(),
        return_to: asked.return_to.clone(),
    };
    Ok(StartLogin { context, client: caller.counted_as.clone(), link_to })
}
