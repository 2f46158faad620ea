//! `GET /v1/logins/{id}`

use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use saoma_domain::login::Login;
use serde::Deserialize;

use super::answer;
use crate::{
    http::{
        body::query,
        client::Caller,
        credentials::LoginCredential,
        problem::{Code, Problem, ProblemBody},
    },
    state::State,
    wire::LoginAnswer,
};

const LONGEST_WAIT: u32 = 60;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wait {
    /// Seconds to wait for something new, 0 to 60.
    wait: Option<u32>,
    /// The version that the client has seen, and is told nothing older than; 1 when left out.
    since: Option<u32>,
}

/// Tells how a login stands; a registered one hands over its session.
#[utoipa::path(get, path = "/v1/logins/{id}", operation_id = "read_login", tag = "logins", security(("poll_token" = []), ("login_cookie" = [])),
    params(("id" = String, Path, description = "The login's id"), Wait), responses(
    (status = 200, description = "How the login stands", body = LoginAnswer),
    (status = "default", description = "`login_unknown`, `login_closed`, `body_invalid`, `account_disabled`",
     body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn read(
    state: Data<State>,
    request: HttpRequest,
    id: Path<String>,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let credential = LoginCredential::reading(&state, &request, &id)?;
    let Wait { wait, since } = query(&request)?;
    let (wait, since) = (wait.unwrap_or(0), since.unwrap_or(1));
    if wait > LONGEST_WAIT {
        return Err(Problem::new(Code::BodyInvalid, "`wait` has to be from 0 to 60 seconds"));
    }
    let login = if wait == 0 {
        state.services.waiting.look_since(&credential.login, since).await?
    } else {
        waited(&state, &caller, &credential, since, Duration::from_secs(wait.into())).await?
    };
    answer(&state, caller, &credential, &login).await
}

/// Waits, unless there is no place left or the service is about to stop: then the answer comes at once.
async fn waited(
    state: &State,
    caller: &Caller,
    credential: &LoginCredential,
    since: u32,
    at_most: Duration,
) -> Result<Login, Problem> {
    let Some(_place) = state.waits.enter(caller.counted_as.clone()) else {
        return Ok(state.services.waiting.look_since(&credential.login, since).await?);
    };
    // Timed by the runtime as well: the wall clock may be set back in the meantime.
    tokio::select! {
        login = state.services.waiting.wait(&credential.login, since, at_most) => Ok(login?),
        () = tokio::time::sleep(at_most) => Ok(state.services.waiting.look_since(&credential.login, since).await?),
        () = state.shutdown.begun() => Ok(state.services.waiting.look_since(&credential.login, since).await?),
    }
}
