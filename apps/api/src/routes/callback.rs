//! `/wechat/{app}/callback`: what WeChat tells.

use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::ContentType},
    web::{Data, Path, ServiceConfig},
};
use saoma_domain::{
    login::LoginScene,
    ports::StoreError,
    services::{ScanReply, ScannedEvent, ServiceError},
    time::Timestamp,
};
use saoma_wechat::callback::{
    CallbackCodec, CallbackQuery, CallbackRefused, MessageKind, Reply, ReplyText, VerifiedMessage,
};

use super::Endpoint;
use crate::{
    config::{AppConfig, AppKind},
    http::{
        body::{Raw, query},
        problem::{Code, Problem, ProblemBody},
    },
    state::State,
    texts,
};

/// WeChat hangs up after 5 s and sends again; an honest failure comes before that.
const TIME_LIMIT: Duration = Duration::from_millis(4500);

pub(super) fn register(config: &mut ServiceConfig) {
    config.service(Endpoint::at("/wechat/{app}/callback").get(echo).post(receive).done());
}

/// Answers WeChat's check of the URL.
#[utoipa::path(get, path = "/wechat/{app}/callback", tag = "wechat",
    params(("app" = String, Path, description = "The configured name of the app")), responses(
    (status = 200, description = "`echostr` as it came", content_type = "text/plain"),
    (status = "default", description = "`origin_refused`, `not_found`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn echo(
    state: Data<State>,
    request: HttpRequest,
    app: Path<String>,
) -> Result<HttpResponse, Problem> {
    let (_, codec) = find(&state, &app)?;
    let query: CallbackQuery = query(&request)?;
    let echo = codec.echo(&query, state.now()).map_err(refused)?;
    Ok(HttpResponse::Ok().content_type(ContentType::plaintext()).body(echo.to_owned()))
}

/// Takes an event; answers only once what it means is stored.
#[utoipa::path(post, path = "/wechat/{app}/callback", tag = "wechat", request_body(content_type = "text/xml"),
    params(("app" = String, Path, description = "The configured name of the app")), responses(
    (status = 200, description = "`success`, or a reply message"),
    (status = "default", description = "`origin_refused`, `body_invalid`, `body_too_large`, `store_unavailable`",
     body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn receive(
    state: Data<State>,
    request: HttpRequest,
    app: Path<String>,
    Raw(body): Raw,
) -> Result<HttpResponse, Problem> {
    let (app, codec) = find(&state, &app)?;
    let query: CallbackQuery = query(&request)?;
    let message = codec.open(&query, &body, state.now()).map_err(refused)?;
    let reply = match event(&message) {
        Event::Scan(scene) => take_scan(&state, app, &message, scene.to_owned()).await?,
        Event::FollowChange(subscribed) => take_follow(&state, app, &message, subscribed).await?,
        Event::Other => Reply::Success,
    };
    let answer = codec.answer(&message, &reply, state.now(), &state.random());
    let kind = match reply {
        Reply::Success => ContentType::plaintext(),
        Reply::Text(_) => ContentType::xml(),
    };
    Ok(HttpResponse::Ok().content_type(kind).body(answer))
}

fn find<'a>(state: &'a State, name: &str) -> Result<(&'a AppConfig, &'a CallbackCodec), Problem> {
    let app =
        state.app(AppKind::OfficialAccount, Some(name)).and_then(|app| Some((app, app.callback.as_deref()?)));
    app.ok_or_else(|| Problem::new(Code::NotFound, "no official account of this name is configured"))
}

fn refused(error: CallbackRefused) -> Problem {
    match error {
        CallbackRefused::Forbidden => {
            Problem::new(Code::OriginRefused, "this is not a call that WeChat made to this app just now")
        }
        CallbackRefused::Malformed => {
            Problem::new(Code::BodyInvalid, "the body is not a message of WeChat's")
                .with_status(StatusCode::BAD_REQUEST)
        }
        CallbackRefused::TooLarge => Problem::new(Code::BodyTooLarge, "a message has at most 64 KiB"),
    }
}

/// What of a message is our business.
enum Event<'a> {
    /// A login's code was scanned.
    Scan(&'a str),
    /// The person follows from now on, or does not any more.
    FollowChange(bool),
    Other,
}

fn event(message: &VerifiedMessage) -> Event<'_> {
    match message.kind() {
        MessageKind::Subscribe { scene: Some(scene), .. } | MessageKind::Scan { scene, .. }
            if LoginScene::is_login_scene(scene) =>
        {
            Event::Scan(scene)
        }
        MessageKind::Subscribe { .. } => Event::FollowChange(true),
        MessageKind::Unsubscribe => Event::FollowChange(false),
        MessageKind::Scan { .. }
        | MessageKind::Click { .. }
        | MessageKind::View { .. }
        | MessageKind::Location
        | MessageKind::Text { .. }
        | MessageKind::Other { .. } => Event::Other,
    }
}

async fn take_scan(
    state: &Data<State>,
    app: &AppConfig,
    message: &VerifiedMessage,
    scene: String,
) -> Result<Reply, Problem> {
    let event = ScannedEvent { app: app.name.clone(), openid: message.from().clone(), scene };
    let taking = Data::clone(state);
    let reply = in_time(async move { taking.services.scans.take_scan(event).await }).await?;
    state.metrics.scan(outcome(&reply));
    let site = state.config.server.public_url.host_str().unwrap_or_default();
    let text = texts::reply(app, site, &reply).and_then(|text| ReplyText::new(&text));
    Ok(text.map_or(Reply::Success, Reply::Text))
}

async fn take_follow(
    state: &Data<State>,
    app: &AppConfig,
    message: &VerifiedMessage,
    subscribed: bool,
) -> Result<Reply, Problem> {
    let (app, openid, state) = (app.name.clone(), message.from().clone(), Data::clone(state));
    let at = Timestamp::from_secs(message.create_time());
    in_time(async move {
        match subscribed {
            true => state.services.follows.take_subscribe(app, openid, at).await,
            false => state.services.follows.take_unsubscribe(app, openid, at).await,
        }
    })
    .await?;
    Ok(Reply::Success)
}

/// Does what an event asks for as a task of its own, which ends its work even if WeChat hangs up.
async fn in_time<T: Send + 'static>(
    work: impl Future<Output = Result<T, ServiceError>> + Send + 'static,
) -> Result<T, ServiceError> {
    let late = |reason: &str| ServiceError::Store(StoreError::Unavailable(reason.to_owned()));
    let done = tokio::time::timeout(TIME_LIMIT, tokio::spawn(work)).await;
    done.map_err(|_| late("an event took too long"))?.map_err(|_| late("taking an event broke off"))?
}

fn outcome(reply: &ScanReply) -> &'static str {
    match reply {
        ScanReply::LoggedIn { .. } => "logged_in",
        ScanReply::Linked { .. } => "linked",
        ScanReply::GoOn { .. } => "go_on",
        ScanReply::ByAnother => "by_another",
        ScanReply::Over(_) => "over",
        ScanReply::LinkRefused => "link_refused",
        ScanReply::Foreign => "foreign",
    }
}
