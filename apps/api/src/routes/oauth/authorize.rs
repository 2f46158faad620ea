//! `GET /v1/oauth/authorize`

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};
use saoma_domain::{
    login::{LoginContext, ScenePurpose},
    services::StartLogin,
};
use serde::Deserialize;

use super::redirect_uri;
use crate::{
    http::{
        body::query,
        browser::Browser,
        client::Caller,
        origin,
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
    /// The name of a configured WeChat app; the first one of the kind when left out or empty.
    app: Option<String>,
    /// Where the browser goes afterwards: a path of this site or an allowed URL; the login page when left out or
    /// empty.
    return_to: Option<String>,
}

/// Starts a login and sends the browser to WeChat.
#[utoipa::path(get, path = "/v1/oauth/authorize", tag = "oauth", params(Wanted), responses(
    (status = 302, description = "To WeChat, with cookies for the return and for the login"),
    (status = "default", description = "`body_invalid`, `app_unknown`, `return_to_refused`, `origin_refused`, \
     `rate_limited`",
     body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn authorize(
    state: Data<State>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    origin::no_part_of_a_page(&request)?;
    let Wanted { channel: wanted, app, return_to } = query(&request)?;
    let [app, return_to] = [app, return_to].map(|given| given.filter(|given| !given.is_empty()));
    if !matches!(wanted, wire::Channel::Website | wire::Channel::InWechat) {
        return Err(Problem::new(Code::BodyInvalid, "`channel` has to be `website` or `in_wechat`"));
    }
    let (kind, channel) = app_channel(wanted);
    let app = state.app(kind, app.as_deref()).ok_or_else(app_unknown)?;
    if let Some(path) = &return_to {
        return_to::check(path, &state.config)?;
        return_to::check_fits_a_cookie(path)?;
    }
    let Caller { client_info, counted_as } = caller;
    let (purpose, back) = (ScenePurpose::default(), return_to.clone());
    let context = LoginContext { channel, app: app.name.clone(), purpose, client_info, return_to };
    let start = StartLogin { context, client: counted_as, link_to: None };
    let started = state.services.start.with_oauth(start, &redirect_uri(&state)).await?;
    state.metrics.login("started");
    let mut answer = HttpResponse::Found();
    answer.insert_header((header::LOCATION, started.authorization.url));
    let browser = Browser::calling(&state, &request);
    let luggage = ticket::issue(&state, &browser, &started.auth, app, wanted, back.as_deref());
    let added = luggage.name().len() + "=".len() + luggage.value().len();
    for old in ticket::make_room(&state, &request, started.auth.id(), added) {
        answer.cookie(old);
    }
    answer.cookie(luggage);
    let poll_token = started.auth.token().reveal().to_string();
    let value = browser.bind(&state, started.auth.id(), poll_token);
    answer.cookie(state.cookies.login(started.auth.id(), value));
    if let Some(cookie) = browser.cookie(&state) {
        answer.cookie(cookie);
    }
    Ok(answer.finish())
}
