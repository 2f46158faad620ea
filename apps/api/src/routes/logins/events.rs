//! `GET /v1/logins/{id}/events`: the same as server-sent events.

use std::{convert::Infallible, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Bytes, Data, Path},
};
use futures_util::stream;
use saoma_domain::{
    login::{ClientInfo, Login, LoginState},
    services::ServiceError,
};

use crate::{
    http::{
        client::Caller,
        credentials::{CredentialSource, LoginCredential},
        problem::{Problem, ProblemBody},
        waits::Place,
    },
    state::State,
    wire::LoginAnswer,
};

/// A comment this often keeps proxies from closing a silent line.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// One client's stream.
struct Stream {
    state: Data<State>,
    credential: LoginCredential,
    client_info: ClientInfo,
    /// The last version that the client has.
    seen: u32,
    /// What is to be sent first, if there is news.
    next: Option<Bytes>,
    /// Absent where there was none left: the stream then ends instead of waiting.
    place: Option<Place>,
    over: bool,
}

/// Streams how a login stands, until it is final.
#[utoipa::path(get, path = "/v1/logins/{id}/events", tag = "logins", security(("poll_token" = []), ("login_cookie" = [])), params(
    ("id" = String, Path, description = "The login's id"),
    ("Last-Event-ID" = Option<u32>, Header, description = "The version that the client has seen")), responses(
    (status = 200, description = "Events named `state`, whose data are the answers of the GET", content_type = "text/event-stream"),
    (status = "default", description = "`login_unknown`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn events(
    state: Data<State>,
    request: HttpRequest,
    id: Path<String>,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let credential = LoginCredential::reading(&state, &request, &id)?;
    let login = state.services.waiting.look(&credential.login).await?;
    let seen = request.headers().get("Last-Event-ID").and_then(|value| value.to_str().ok()?.parse().ok());
    let seen = seen.unwrap_or(0);
    let Caller { client_info, counted_as } = caller;
    let place = state.waits.enter(counted_as);
    let mut stream = Stream { state, credential, client_info, seen, next: None, place, over: false };
    if login.version > seen || login.state.is_final() {
        // Before the stream starts, so that a failure is still answered as one.
        stream.next = Some(stream.event(&login).await?);
    }
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(stream::unfold(stream, |stream| async { stream.step().await })))
}

impl Stream {
    /// Returns the next piece of the stream, or nothing once it has ended.
    async fn step(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        if let Some(event) = self.next.take() {
            return Some((Ok(event), self));
        }
        if self.over || self.place.is_none() || self.state.shutdown.has_begun() {
            return None;
        }
        let login = self.wait().await?;
        if login.version <= self.seen && !login.state.is_final() {
            return Some((Ok(Bytes::from_static(b": still waiting\n\n")), self));
        }
        let event = self.event(&login).await;
        let event = event.inspect_err(|error| tracing::warn!(%error, "a stream broke off")).ok()?;
        Some((Ok(event), self))
    }

    /// Waits for something new. A stream that cannot go on ends, and the client comes back by itself.
    async fn wait(&self) -> Option<Login> {
        let shutdown = &self.state.shutdown;
        tokio::select! {
            login = self.state.services.waiting.wait(&self.credential.login, self.seen, KEEP_ALIVE) => login.ok(),
            () = shutdown.begun() => None,
        }
    }

    /// Writes how a login stands as an event, after which the client has seen it.
    async fn event(&mut self, login: &Login) -> Result<Bytes, ServiceError> {
        let data = serde_json::to_string(&self.data(login).await?).unwrap_or_default();
        self.seen = login.version;
        self.over = login.state.is_final();
        Ok(Bytes::from(format!("event: state\nid: {}\ndata: {data}\n\n", login.version)))
    }

    /// Browsers get their session as a cookie, which a stream cannot set: they ask once more.
    async fn data(&self, login: &Login) -> Result<LoginAnswer, ServiceError> {
        let services = &self.state.services;
        let answer = LoginAnswer::new(login, self.state.now());
        match (&login.state, self.credential.source) {
            (LoginState::Registered { account, .. }, CredentialSource::Cookie) => {
                Ok(match services.accounts.account(*account).await? {
                    Some(account) => answer.with_account(&account),
                    None => answer,
                })
            }
            (LoginState::Registered { .. }, CredentialSource::Bearer) => {
                let granted = services
                    .session_issuer
                    .issue(&self.credential.login, login, self.client_info.clone())
                    .await?;
                Ok(answer.with_session(&granted, self.state.now(), true))
            }
            (LoginState::Loop { .. } | LoginState::Unregistered { .. } | LoginState::Expired { .. }, _) => {
                Ok(answer)
            }
        }
    }
}
