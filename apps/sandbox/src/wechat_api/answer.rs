//! The form of WeChat's answers, and the faults that were scripted for them.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, HttpResponseBuilder, web};
use futures_util::stream;
use serde_json::{Value, json};

use super::errcode::Errcode;
use crate::shared_state::SharedState;
use crate::state::{Api, Fault};

const MAX_DELAY_MS: u64 = 60_000;
const MAX_HUGE_BYTES: usize = 64 * 1024 * 1024;

/// The right answer, or a refusal.
pub(super) type ApiResult = Result<Value, Errcode>;

/// The content type of a right answer.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// `application/json`.
    Json,
    /// `text/plain`, which several of WeChat's endpoints call their JSON.
    Text,
}

/// Writes a result as WeChat does: always with status 200.
pub(super) fn write(shared: &SharedState, form: Form, result: ApiResult) -> HttpResponse {
    match (result, form) {
        (Ok(value), Form::Json) => HttpResponse::Ok().json(value),
        (Ok(value), Form::Text) => json_text().body(value.to_string()),
        (Err(errcode), Form::Json | Form::Text) => refusal(shared, errcode),
    }
}

/// Counts the call, then fails as scripted or gives the right answer.
pub(crate) async fn answer_or_fail(
    shared: &SharedState,
    api: Api,
    right: impl FnOnce() -> HttpResponse,
) -> HttpResponse {
    match shared.write(|state| state.faults.call(api)) {
        None => right(),
        Some(Fault::Delay { delay_ms }) => {
            let answer = right();
            tokio::time::sleep(Duration::from_millis(delay_ms.min(MAX_DELAY_MS))).await;
            answer
        }
        Some(Fault::Errcode { errcode }) => refusal(shared, Errcode(errcode)),
        Some(Fault::Html) => HttpResponse::Ok()
            .content_type(ContentType::html())
            .body("<!DOCTYPE html><html><head><title>502</title></head><body>Bad Gateway</body></html>"),
        Some(Fault::TruncatedJson) => json_text().body(r#"{"access_token":"87_"#),
        Some(Fault::Huge { bytes }) => {
            let filling = "x".repeat(bytes.min(MAX_HUGE_BYTES));
            json_text().body(json!({ "errcode": 0, "errmsg": filling }).to_string())
        }
        Some(Fault::Close) => closed(),
        Some(Fault::Status { status }) => {
            let wanted = StatusCode::from_u16(status).ok();
            let failing = wanted.filter(|wanted| wanted.is_client_error() || wanted.is_server_error());
            HttpResponse::new(failing.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        }
    }
}

/// Writes a refusal, which WeChat calls plain text.
pub(super) fn refusal(shared: &SharedState, errcode: Errcode) -> HttpResponse {
    let errmsg = format!("{} rid: {}", errcode.text(), shared.random.rid(shared.now()));
    json_text().body(json!({ "errcode": errcode.0, "errmsg": errmsg }).to_string())
}

fn json_text() -> HttpResponseBuilder {
    let mut builder = HttpResponse::Ok();
    builder.content_type(ContentType::plaintext());
    builder
}

/// A body that fails before its first byte makes the server close the connection without an answer.
fn closed() -> HttpResponse {
    let hang_up = std::io::Error::from(std::io::ErrorKind::ConnectionAborted);
    HttpResponse::Ok().streaming(stream::once(std::future::ready(Err::<web::Bytes, _>(hang_up))))
}
