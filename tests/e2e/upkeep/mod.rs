//! What `docs/` says of backups and of rotating keys, tried.

#![expect(clippy::print_stderr, reason = "what is left out is said")]

mod backups;
mod image;
mod road;
mod rotation;
mod watching;

use reqwest::Method;
use serde_json::Value;

use crate::{contract::client, harness::Answer};

/// Makes a call as a device.
async fn call(method: Method, url: &str, token: &str, body: Option<Value>) -> Answer {
    let request = client().request(method, url).bearer_auth(token);
    let request = if let Some(body) = body { request.json(&body) } else { request };
    Answer::read(request.send().await.unwrap()).await
}
