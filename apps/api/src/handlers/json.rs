//! Answers in JSON.

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderValue},
};
use serde::Serialize;

/// As long as most answers are, so that writing one takes one allocation.
const USUAL_BYTES: usize = 512;

/// Answers 200 with a body in JSON.
pub(crate) fn json(body: &impl Serialize) -> HttpResponse {
    let mut text = Vec::with_capacity(USUAL_BYTES);
    // Fails only for maps whose keys are no texts, of which no body has any.
    let _ = serde_json::to_writer(&mut text, body);
    let mut answer = HttpResponse::Ok().body(text);
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}
