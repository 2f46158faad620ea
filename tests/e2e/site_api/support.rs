//! A service with keys of the site API, and calls with them.

use reqwest::Method;
use serde_json::Value;

pub(crate) use crate::common::site_keys::{EVERY_SCOPE, ROOT, sha256};
use crate::{
    common::site_keys::key_settings,
    harness::{Answer, Service, Setup},
};

/// Adds a key to a setup.
pub(crate) fn with_key(setup: Setup, at: usize, name: &str, key: &str, scopes: &str) -> Setup {
    key_settings(at, name, key, scopes).iter().fold(setup, |setup, (key, value)| setup.set(key, value))
}

/// Adds the key that may do everything.
pub(crate) fn with_root(setup: Setup) -> Setup {
    with_key(setup, 0, "root", ROOT, EVERY_SCOPE)
}

/// Makes a call with a key.
pub(crate) async fn call_with(
    service: &Service,
    key: Option<&str>,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> Answer {
    let request = crate::contract::client().request(method, format!("{}{path}", service.admin_url));
    let request = if let Some(key) = key { request.bearer_auth(key) } else { request };
    let request = if let Some(body) = body { request.json(&body) } else { request };
    Answer::read(request.send().await.unwrap()).await
}

/// Makes a call with the key that may do everything.
pub(crate) async fn call(service: &Service, method: Method, path: &str, body: Option<Value>) -> Answer {
    call_with(service, Some(ROOT), method, path, body).await
}
