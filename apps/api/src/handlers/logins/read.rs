//! `GET /v1/logins/{id}`

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use serde::Deserialize;

use super::respond;
use crate::{
    auth::LoginCredentials,
    clients::{ClientSessions, ClientWaiting},
    dto::LoginAnswer,
    extract::{Caller, query},
    login_watch::LoginWatch,
    problem::{ErrorCode, Problem, ProblemBody},
};

const LONGEST_WAIT: u32 = 60;

#[derive(Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WaitQuery {
    /// Seconds to wait for something new, 0 to 60; the answer may come up to a tenth of that later.
    wait: Option<u32>,
    /// The version that the client has seen; no older one is answered. 1 when left out.
    since: Option<u32>,
}

/// What the endpoint uses.
pub(crate) struct LoginReading {
    pub(crate) credentials: Arc<LoginCredentials>,
    pub(crate) waiting: ClientWaiting,
    pub(crate) sessions: Arc<ClientSessions>,
    pub(crate) watch: Arc<LoginWatch>,
}

impl LoginReading {
    /// Answers a call about the login with this id.
    ///
    /// # Errors
    /// Those of the endpoint.
    pub(crate) async fn answer(&self, request: &HttpRequest, id: &str) -> Result<HttpResponse, Problem> {
        let credential = self.credentials.reading(request, id)?;
        let no_query = request.query_string().is_empty();
        let WaitQuery { wait, since } = if no_query { WaitQuery::default() } else { query(request)? };
        let (wait, since) = (wait.unwrap_or(0), since.unwrap_or(1));
        if wait > LONGEST_WAIT {
            return Err(Problem::new(ErrorCode::BodyInvalid, "`wait` has to be from 0 to 60 seconds"));
        }
        let login = match wait {
            0 => self.waiting.poll(&credential.login, since).await?,
            secs => {
                let (at_most, client) = (Duration::from_secs(secs.into()), Caller::of(request).subject);
                // In a place of its own, so that a poll does not make room for a wait.
                Box::pin(self.waiting.wait(&credential.login, since, at_most, client)).await?
            }
        };
        self.watch.told(Some(request), &login).await;
        respond(&self.sessions, &credential, &login, || Caller::of(request).client_info).await
    }
}

/// Answers how a login stands; a registered one comes with its session.
#[utoipa::path(get, path = "/v1/logins/{id}", operation_id = "read_login", tag = "logins", security(("poll_token" = []), ("login_cookie" = [])),
    params(("id" = String, Path, description = "The login's id"), WaitQuery), responses(
    (status = 200, description = "How the login stands", body = LoginAnswer),
    (status = "default", description = "`login_unknown`, `login_closed`, `body_invalid`, `rate_limited`, `account_disabled`",
     body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn read(
    reading: Data<LoginReading>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    reading.answer(&request, &id).await
}
