//! `POST /v1/logins`

use actix_web::{HttpRequest, HttpResponse, web::Data};
use saoma_domain::{
    flows::{StartLogin, StartedLogin},
    login::{Channel as DomainChannel, LoginContext, ScenePurpose},
};

use crate::{
    config::AppConfig,
    http::{
        body::Json,
        client::Caller,
        origin,
        problem::{Code, Problem, ProblemBody},
        return_to,
    },
    qr,
    state::State,
    wire::{Channel, ClientKind, NewLogin, QrBody, QrFormat, StartedBody, rfc3339},
};

/// How often a client that does not wait may ask.
const POLL_INTERVAL_MS: u64 = 1000;

/// Starts a login.
#[utoipa::path(post, path = "/v1/logins", tag = "logins", request_body = NewLogin, responses(
    (status = 201, description = "A login, with the QR code to show", body = StartedBody),
    (status = "default", description = "`body_invalid`, `app_unknown`, `return_to_refused`, `origin_refused`, \
     `rate_limited`, `wechat_unavailable`, `wechat_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn create(
    state: Data<State>,
    request: HttpRequest,
    caller: Caller,
    Json(wish): Json<NewLogin>,
) -> Result<HttpResponse, Problem> {
    let app = app(&state, &wish)?;
    let start = start(&state, caller, &wish, app)?;
    if wish.client == ClientKind::Browser {
        // A foreign page must not plant its own login in a visitor's browser.
        origin::if_named(&state.config.server, &request)?;
    }
    let started = state.flows.start_login(start).await?;
    state.metrics.login("started");
    let mut body = started_body(&state, &started, app, wish.qr_format)?;
    let poll_token = started.held.token().reveal().to_string();
    let mut answer = HttpResponse::Created();
    match wish.client {
        ClientKind::Browser => {
            answer.cookie(state.cookies.login(started.held.id(), poll_token));
        }
        ClientKind::Device => body.poll_token = Some(poll_token),
    }
    Ok(answer.json(body))
}

fn app<'a>(state: &'a State, wish: &NewLogin) -> Result<&'a AppConfig, Problem> {
    let unknown = |detail| Problem::new(Code::AppUnknown, detail);
    match wish.channel {
        Channel::OfficialAccount => state
            .official_account(wish.app.as_deref())
            .ok_or_else(|| unknown("no official account of this name is configured")),
        Channel::Website | Channel::InWechat | Channel::MiniProgram => {
            Err(unknown("no app for this channel is configured"))
        }
    }
}

fn start(state: &State, caller: Caller, wish: &NewLogin, app: &AppConfig) -> Result<StartLogin, Problem> {
    let server = &state.config.server;
    let purpose = wish.purpose.clone().map_or_else(|| Ok(ScenePurpose::default()), ScenePurpose::parse);
    let purpose = purpose
        .map_err(|_| Problem::new(Code::BodyInvalid, "`purpose` has to be 1 to 16 of a-z, 0-9 and -"))?;
    if let Some(path) = &wish.return_to {
        return_to::check(path, &server.public_url, &state.config.login.return_to_allowed)?;
    }
    let context = LoginContext {
        channel: DomainChannel::OfficialAccount,
        app: app.name.clone(),
        purpose,
        asker: caller.asker,
        return_to: wish.return_to.clone(),
    };
    Ok(StartLogin { context, client: caller.counted_as })
}

fn started_body(
    state: &State,
    started: &StartedLogin,
    app: &AppConfig,
    format: QrFormat,
) -> Result<StartedBody, Problem> {
    let content = started.qr.url.clone();
    let unusable = |_| Problem::new(Code::WechatUnavailable, "WeChat's URL does not fit into a QR code");
    let (svg, png) = match format {
        QrFormat::Svg => (Some(qr::svg(&content).map_err(unusable)?), None),
        QrFormat::Png => (None, Some(qr::png(&content).map_err(unusable)?)),
    };
    let deadline = started.held.id().deadline();
    Ok(StartedBody {
        id: started.held.id().to_string(),
        poll_token: None,
        state: started.login.state.name(),
        version: started.login.version,
        channel: DomainChannel::OfficialAccount.as_str(),
        app: app.name.to_string(),
        expires_at: rfc3339(deadline),
        expires_in: deadline.secs_until(state.flows.now()),
        poll_interval_ms: POLL_INTERVAL_MS,
        qr: QrBody { content, svg, png, image_url: started.qr.image_url.clone() },
    })
}
