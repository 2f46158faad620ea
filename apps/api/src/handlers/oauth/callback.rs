//! `GET /v1/oauth/callback`: where WeChat sends the browser back.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Query},
};
use saoma_domain::services::ServiceError;
use serde::Deserialize;

use crate::{
    auth::OAuthStates,
    clients::{LinkReturn, ReturnHandling},
    extract::Caller,
    handlers::PhonePages,
    node::Metrics,
    problem::{Problem, ProblemBody},
};

#[derive(Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CallbackQuery {
    /// WeChat's code, which says who the person is; absent where the person refused.
    pub(super) code: Option<String>,
    /// The id of the login.
    pub(super) state: Option<String>,
}

/// Takes a browser that WeChat sends back, and redirects it.
#[utoipa::path(get, path = "/v1/oauth/callback", tag = "oauth", params(CallbackQuery), responses(
    (status = 200, description = "A page that says why a login that waits in another browser cannot be opened by a link", content_type = "text/html"),
    (status = 302, description = "To where the login was to return to, with the session's cookie; or to the login \
     page, which asks for the phone number (`login`) or says what went wrong (`error`); or to `/c/…`, where the phone is asked \
     for the digits of the waiting page"),
    (status = "default", description = "`oauth_state_invalid`; for programs also `wechat_code_invalid`, \
     `wechat_unavailable`, `wechat_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn callback(
    states: Data<OAuthStates>,
    returns: Data<ReturnHandling>,
    phone_pages: Data<PhonePages>,
    metrics: Data<Metrics>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    // A query that cannot be read names no login.
    let query = Query::<CallbackQuery>::from_query(request.query_string()).map(Query::into_inner);
    let CallbackQuery { code, state: id } = query.unwrap_or_default();
    let Some(state) = states.find(&request, id.as_deref().unwrap_or_default()) else {
        metrics.oauth_return("state_invalid");
        return Err(ServiceError::OAuthState.into());
    };
    let removed = states.remove_oldest(&request, state.login.id(), None);
    let code = code.filter(|code| !code.is_empty());
    let mut answer = match state.opens {
        None => returns.take(&request, caller, &state, code).await?,
        Some(opens) => match returns.take_link(&request, caller, (&state, opens), code).await? {
            LinkReturn::Redirect(answer) => answer,
            LinkReturn::Told(reply) => return Ok(phone_pages.told(&request, &reply)),
        },
    };
    for cookie in removed {
        answer.cookie(cookie);
    }
    Ok(answer.finish())
}
