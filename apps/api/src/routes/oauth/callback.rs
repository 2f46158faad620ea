//! `GET /v1/oauth/callback`: where WeChat sends the browser back.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::header,
    web::{Data, Query},
};
use saoma_domain::{
    login::{Login, LoginState},
    ports::{StoreError, WechatError},
    services::{OAuthReturn, ServiceError},
};
use serde::Deserialize;

use crate::{
    http::{
        client::{Caller, navigates},
        page,
        problem::{Problem, ProblemBody},
        return_to,
        ticket::{self, Ticket},
    },
    routes::logins::begin::is_code,
    state::State,
};

#[derive(Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Brought {
    /// What WeChat vouches for the person with; absent when they refused.
    code: Option<String>,
    /// The id of the login that WeChat was asked for.
    state: Option<String>,
}

/// Takes a browser that WeChat sends back, and sends it on.
#[utoipa::path(get, path = "/v1/oauth/callback", tag = "oauth", params(Brought), responses(
    (status = 302, description = "To where the login was to return to, with the session's cookie; or to the login \
     page, which asks for the phone number (`login`) or says what went wrong (`error`)"),
    (status = "default", description = "`oauth_state_invalid`; for programs also `wechat_code_invalid`, \
     `wechat_unavailable`, `wechat_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn callback(
    state: Data<State>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    // What cannot be read names no login.
    let brought = Query::<Brought>::from_query(request.query_string()).map(Query::into_inner);
    let Brought { code, state: id } = brought.unwrap_or_default();
    let Some(ticket) = ticket::find(&state, &request, id.as_deref().unwrap_or_default()) else {
        state.metrics.oauth_return("state_invalid");
        return Err(ServiceError::OAuthState.into());
    };
    let code = code.filter(|code| !code.is_empty());
    let mut answer = match finish(&state, &caller, &ticket, code).await {
        Ok(login) => go_on(&state, caller, &ticket, &login).await?,
        Err(error) => failed(&state, &request, &ticket, error)?,
    };
    for old in ticket::make_room(&state, &request, ticket.login.id(), 0) {
        answer.cookie(old);
    }
    Ok(answer.finish())
}

async fn finish(
    state: &Data<State>,
    caller: &Caller,
    ticket: &Ticket<'_>,
    code: Option<String>,
) -> Result<Login, ServiceError> {
    if code.as_deref().is_some_and(|code| !is_code(code)) {
        return Err(ServiceError::CodeInvalid);
    }
    let (app, channel) = (ticket.app.name.clone(), ticket.channel);
    let back = OAuthReturn { app, channel, client_info: caller.client_info.clone(), code };
    let (state, held) = (Data::clone(state), ticket.login.clone());
    // A task of its own: a code that was exchanged is used up, even if the browser hangs up meanwhile.
    let task = tokio::spawn(async move { state.services.oauth_returns.finish(&held, back).await });
    let broke_off = |_| StoreError::Unavailable("taking a return broke off".to_owned());
    task.await.map_err(broke_off)?
}

/// Sends a browser on to where its login stands.
async fn go_on(
    state: &State,
    caller: Caller,
    ticket: &Ticket<'_>,
    login: &Login,
) -> Result<HttpResponseBuilder, Problem> {
    let held = &ticket.login;
    let (outcome, address) = match login.state {
        LoginState::Registered { .. } => ("logged_in", after_login(state, ticket)),
        LoginState::Unregistered { .. } => {
            ("go_on", to_page(state, ticket, ("login", &held.id().to_string())))
        }
        LoginState::Expired { .. } => ("denied", to_page(state, ticket, ("error", "denied"))),
        LoginState::Loop { .. } => return Err(ServiceError::OAuthState.into()),
    };
    let mut answer = redirect(address);
    match login.state {
        LoginState::Registered { .. } => {
            match state.services.session_issuer.issue(held, login, caller.client_info).await {
                Ok(granted) => {
                    answer.cookie(state.cookies.session(granted.token.reveal().to_string()));
                }
                // Loaded again long after: the session was handed over then.
                Err(ServiceError::LoginClosed) => {}
                Err(error) => return Err(error.into()),
            }
        }
        LoginState::Unregistered { .. } => {
            let value = ticket.browser.bind(state, held.id(), held.token().reveal().to_string());
            answer.cookie(state.cookies.login(held.id(), value));
        }
        LoginState::Loop { .. } | LoginState::Expired { .. } => {}
    }
    state.metrics.oauth_return(outcome);
    Ok(answer)
}

/// Tells why nobody is logged in: a person on the login page, a program by a problem.
fn failed(
    state: &State,
    request: &HttpRequest,
    ticket: &Ticket<'_>,
    error: ServiceError,
) -> Result<HttpResponseBuilder, Problem> {
    let is_snapshot = matches!(error, ServiceError::SnapshotUser);
    let is_wechat =
        matches!(&error, ServiceError::Wechat(error) if !matches!(error, WechatError::UnknownApp));
    let is_code = matches!(error, ServiceError::CodeInvalid);
    let problem = Problem::from(error);
    let word = if is_snapshot { "snapshot" } else { problem.code().as_str() };
    state.metrics.oauth_return(word);
    if !(is_snapshot || is_wechat || is_code) || !navigates(request) {
        // Where a store was away before the code was used, loading the address again goes on.
        return Err(problem);
    }
    problem.log("-", "/v1/oauth/callback");
    Ok(redirect(to_page(state, ticket, ("error", word))))
}

fn redirect(address: String) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Found();
    answer.insert_header((header::LOCATION, address));
    answer
}

fn after_login(state: &State, ticket: &Ticket<'_>) -> String {
    match &ticket.return_to {
        Some(path) => return_to::spelled(path, &state.config.server.public_url),
        None => state.config.login.page_url.clone(),
    }
}

/// Returns the login page's address, which is told where to go afterwards.
fn to_page(state: &State, ticket: &Ticket<'_>, parameter: (&str, &str)) -> String {
    let back = ticket.return_to.as_deref().map(|path| ("return_to", path));
    let parameters: Vec<(&str, &str)> = [Some(parameter), back].into_iter().flatten().collect();
    page::address(&state.config.login.page_url, &parameters)
}
