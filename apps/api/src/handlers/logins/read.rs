//! `GET /v1/logins/{id}`

use std::time::Duration;

use actix_web::{HttpResponse, web::Data};
use serde::Deserialize;

use super::respond;
use crate::{
    auth::LoginCall,
    clients::{ClientSessions, ClientWaiting},
    dto::LoginAnswer,
    extract::{Caller, query},
    problem::{ErrorCode, Problem, ProblemBody},
};

const LONGEST_WAIT: u32 = 60;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WaitQuery {
    /// Seconds to wait for something new, 0 to 60; the answer may come up to a tenth of that later.
    wait: Option<u32>,
    /// The version that the client has seen; no older one is answered. 1 when left out.
    since: Option<u32>,
}

/// Answers how a login stands; a registered one comes with its session.
#[utoipa::path(get, path = "/v1/logins/{id}", operation_id = "read_login", tag = "logins", security(("poll_token" = []), ("login_cookie" = [])),
    params(("id" = String, Path, description = "The login's id"), WaitQuery), responses(
    (status = 200, description = "How the login stands", body = LoginAnswer),
    (status = "default", description = "`login_unknown`, `login_closed`, `body_invalid`, `rate_limited`, `account_disabled`",
     body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn read(
    call: LoginCall,
    caller: Caller,
    waiting: Data<ClientWaiting>,
    sessions: Data<ClientSessions>,
) -> Result<HttpResponse, Problem> {
    let credential = call.reading()?;
    let WaitQuery { wait, since } = query(call.request())?;
    let (wait, since) = (wait.unwrap_or(0), since.unwrap_or(1));
    if wait > LONGEST_WAIT {
        return Err(Problem::new(ErrorCode::BodyInvalid, "`wait` has to be from 0 to 60 seconds"));
    }
    let wait = Duration::from_secs(wait.into());
    let login = waiting.wait(&credential.login, since, wait, &caller).await?;
    respond(&sessions, &credential, &login, caller).await
}
