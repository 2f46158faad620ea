//! A service with keys of the site API, and calls with them.

use reqwest::Method;
use serde_json::Value;

use crate::harness::{Answer, Service, Setup};

/// The key that may do everything.
pub(crate) const ROOT: &str = "saoma_root_key_of_the_tests";

/// All scopes.
pub(crate) const EVERY_SCOPE: &str = "sessions:read,sessions:write,accounts:read,accounts:write,accounts:erase,accounts:merge,\
     audit:read,events:read,events:replay,wechat:token,wechat:call,status:read";

/// Returns the SHA-256 of a text, in hex.
pub(crate) fn sha256(text: &str) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Adds a key to a setup.
pub(crate) fn with_key(setup: Setup, at: usize, name: &str, key: &str, scopes: &str) -> Setup {
    setup
        .set(&format!("admin.keys.{at}.name"), name)
        .set(&format!("admin.keys.{at}.sha256"), sha256(key))
        .set(&format!("admin.keys.{at}.scopes"), scopes)
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
