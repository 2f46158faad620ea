//! `GET /v1/logins/{id}/events`: the same as server-sent events.

use actix_web::{HttpResponse, http::header, web::Data};

use crate::{
    auth::LoginCall,
    clients::LoginStreams,
    extract::Caller,
    problem::{Problem, ProblemBody},
};

/// Streams how a login stands, until it is final.
#[utoipa::path(get, path = "/v1/logins/{id}/events", tag = "logins", security(("poll_token" = []), ("login_cookie" = [])), params(
    ("id" = String, Path, description = "The login's id"),
    ("Last-Event-ID" = Option<u32>, Header, description = "The version that the client has seen")), responses(
    (status = 200, description = "Events named `state`, whose data are the answers of the GET", content_type = "text/event-stream"),
    (status = "default", description = "`login_unknown`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn events(
    call: LoginCall,
    caller: Caller,
    streams: Data<LoginStreams>,
) -> Result<HttpResponse, Problem> {
    let credential = call.reading()?;
    let header = call.request().headers().get("Last-Event-ID");
    let seen = header.and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(0);
    let stream = streams.into_inner().open(credential, caller, seen).await?;
    Ok(HttpResponse::Ok()
        // Nothing follows the stream on its connection, which so needs no buffer for a next request.
        .force_close()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(stream))
}
