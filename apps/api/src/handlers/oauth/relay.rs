//! `GET /v1/oauth/relay`, and where WeChat sends the browser back to then.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Query},
};
use saoma_domain::services::ServiceError;
use serde::Deserialize;

use super::callback::CallbackQuery;
use crate::{
    auth::{OAuthStates, RelayState, RelayStates, refuse_parts_of_pages},
    clients::OAuthRelay,
    extract::{is_wechat_code, query},
    pages::RelayAddresses,
    problem::{Problem, ProblemBody},
};

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RelayQuery {
    /// The name of a configured official account or website; the first one when left out or empty.
    app: Option<String>,
    /// Where the code goes: an address below an entry of `login.relay_to`.
    redirect_uri: String,
    /// What the system that gets the code is given back as it is, at most 512 bytes.
    state: Option<String>,
    /// `snsapi_base` or `snsapi_userinfo` of an official account, `snsapi_login` of a website; what is configured when left out.
    scope: Option<String>,
}

/// Sends the browser to WeChat, and WeChat's `code` on to `redirect_uri`: for systems that exchange codes themselves, but are not
/// on the one domain that WeChat allows.
#[utoipa::path(get, path = "/v1/oauth/relay", operation_id = "relay_authorization", tag = "oauth", params(RelayQuery), responses(
    (status = 302, description = "To WeChat, with a cookie for the return"),
    (status = "default", description = "`return_to_refused`, `app_unknown`, `body_invalid`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn relay(
    relay: Data<OAuthRelay>,
    addresses: Data<RelayAddresses>,
    logins: Data<OAuthStates>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    refuse_parts_of_pages(&request)?;
    let RelayQuery { app, redirect_uri, state, scope } = query(&request)?;
    let [app, scope] = [app, scope].map(|given| given.filter(|text| !text.is_empty()));
    let wanted = RelayState { redirect_uri: addresses.require(&redirect_uri)?, state };
    let sent = relay.send(&request, app.as_deref(), scope.as_deref(), &wanted)?;
    Ok(sent.redirect(&logins, &request))
}

/// Takes a browser that WeChat sends back, and sends it on with the code. The same return loaded again is sent on again.
#[utoipa::path(get, path = "/v1/oauth/relay/callback", operation_id = "relay_code", tag = "oauth", params(CallbackQuery), responses(
    (status = 302, description = "To the `redirect_uri` that the browser set out for, with `code` and `state`; without `code` where the person refused"),
    (status = "default", description = "`oauth_state_invalid`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn relay_callback(
    states: Data<RelayStates>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    // A query that cannot be read names no return.
    let query = Query::<CallbackQuery>::from_query(request.query_string()).map(Query::into_inner);
    let CallbackQuery { code, state: id } = query.unwrap_or_default();
    let state = states.find(&request, id.as_deref().unwrap_or_default()).ok_or(ServiceError::OAuthState)?;
    let code = code.filter(|code| is_wechat_code(code));
    let mut answer = HttpResponse::Found();
    Ok(answer.insert_header((header::LOCATION, state.with_code(code.as_deref()))).finish())
}
