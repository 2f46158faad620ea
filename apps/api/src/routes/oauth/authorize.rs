//! `GET /v1/oauth/authorize`

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};
use saoma_domain::{
    flows::StartLogin,
    login::{LoginContext, ScenePurpose},
};
use serde::Deserialize;

use super::redirect_uri;
use crate::{
    http::{
        body::query,
        client::Caller,
        problem::{Code, Problem, ProblemBody},
        return_to, ticket,
    },
    routes::logins::begin::app_unknown,
    state::State,
    wire::{self, app_channel},
};

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// `website` or `in_wechat`.
    channel: wire::Channel,
    /// The name of a configured WeChat app; the first one of the kind when left out.
    app: Option<String>,
    /// Where the browser goes afterwards: a path of this site or an allowed URL; the login page when left out.
    return_to: Option<String>,
}

/// Starts a login and sends the browser to WeChat.
#[utoipa::path(get, path = "/v1/oauth/authorize", tag = "oauth", params(Wanted), responses(
    (status = 302, description = "To WeChat, with a cookie for the return"),
    (status = "default", description = "`body_invalid`, `app_unknown`, `return_to_refused`, `rate_limited`",
     body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn authorize(
    state: Data<State>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let Wanted { channel: wanted, app, return_to } = query(&request)?;
    if !matches!(wanted, wire::Channel::Website | wire::Channel::InWechat) {
        return Err(Problem::new(Code::BodyInvalid, "`channel` has to be `website` or `in_wechat`"));
    }
    let (kind, channel) = app_channel(wanted);
    let app = state.app(kind, app.as_deref()).ok_or_else(app_unknown)?;
    if let Some(path) = &return_to {
        return_to::check(path, &state.config)?;
    }
    let Caller { asker, counted_as } = caller;
    let (purpose, back) = (ScenePurpose::default(), return_to.clone());
    let context = LoginContext { channel, app: app.name.clone(), purpose, asker, return_to };
    let start = StartLogin { context, client: counted_as, joins: None };
    let started = state.flows.start_oauth(start, &redirect_uri(&state)).await?;
    state.metrics.login("started");
    let mut answer = HttpResponse::Found();
    answer.insert_header((header::LOCATION, started.authorization.url));
    for old in ticket::make_room(&state, &request, None) {
        answer.cookie(old);
    }
    answer.cookie(ticket::issue(&state, &started.held, app, wanted, back.as_deref()));
    Ok(answer.finish())
}
