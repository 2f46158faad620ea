//! `GET /v1/oauth/authorize`

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};
use serde::Deserialize;

use crate::{
    auth::{OAuthStates, refuse_parts_of_pages},
    clients::LoginStarts,
    dto::{ClientKind, LoginChannel, QrFormat, StartRequest},
    extract::{Caller, query},
    problem::{ErrorCode, Problem, ProblemBody},
};

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuthorizeQuery {
    /// `website` or `in_wechat`.
    channel: LoginChannel,
    /// The name of a configured WeChat app; the first one of the kind when left out or empty.
    app: Option<String>,
    /// Where the browser goes afterwards: a path of this site or an allowed URL; the login page when left out or
    /// empty.
    return_to: Option<String>,
    /// The version of the terms to which the person agreed.
    consent: Option<String>,
    /// The id of a login that waits in another browser, whose code its person cannot scan: the link to open inside WeChat
    /// (`in_wechat`). It counts as the scan, and the phone is asked for the two digits that the waiting page shows then.
    login: Option<String>,
}

/// Starts a login and sends the browser to WeChat; with `login`, for a login that waits in another browser.
#[utoipa::path(get, path = "/v1/oauth/authorize", tag = "oauth", params(AuthorizeQuery), responses(
    (status = 302, description = "To WeChat, with cookies for the return and for the login"),
    (status = "default", description = "`body_invalid`, `app_unknown`, `return_to_refused`, `consent_required`, `origin_refused`, \
     `login_unknown`, `rate_limited`",
     body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn authorize(
    starts: Data<LoginStarts>,
    states: Data<OAuthStates>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    refuse_parts_of_pages(&request)?;
    let query: AuthorizeQuery = query(&request)?;
    if !query.channel.is_redirect() {
        return Err(Problem::new(ErrorCode::BodyInvalid, "`channel` has to be `website` or `in_wechat`"));
    }
    if let Some(login) = query.login.as_deref().filter(|login| !login.is_empty()) {
        return open_link(&starts, &states, &request, caller, &query, login).await;
    }
    let start = starts.check(&request, caller, query.into(), None)?;
    let started = starts.start(&request, start).await?;
    let mut answer = HttpResponse::Found();
    if let Some(url) = started.body.authorize_url {
        answer.insert_header((header::LOCATION, url));
    }
    let removed = states.remove_oldest(&request, started.login, started.oauth_state.as_ref());
    for cookie in removed.into_iter().chain(started.oauth_state).chain(started.cookies) {
        answer.cookie(cookie);
    }
    Ok(answer.finish())
}

/// Sends a browser to WeChat for a login that waits in another one.
async fn open_link(
    starts: &LoginStarts,
    states: &OAuthStates,
    request: &HttpRequest,
    caller: Caller,
    query: &AuthorizeQuery,
    login: &str,
) -> Result<HttpResponse, Problem> {
    let is_alone = query.return_to.as_deref().is_none_or(str::is_empty);
    if query.channel != LoginChannel::InWechat || !is_alone {
        return Err(Problem::new(ErrorCode::BodyInvalid, "`login` is for `in_wechat`, without `return_to`"));
    }
    let app = query.app.as_deref().filter(|app| !app.is_empty());
    Ok(starts.by_link(request, caller, app, login).await?.redirect(states, request))
}

impl From<AuthorizeQuery> for StartRequest {
    fn from(query: AuthorizeQuery) -> Self {
        let [app, return_to, consent] =
            [query.app, query.return_to, query.consent].map(|given| given.filter(|text| !text.is_empty()));
        Self {
            channel: query.channel,
            client: ClientKind::Browser,
            app,
            purpose: None,
            return_to,
            qr_format: QrFormat::default(),
            code: None,
            consent,
            check: None,
        }
    }
}
