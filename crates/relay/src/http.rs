//! Calling other systems: the client, and what an operator is told of a failure.

use std::time::Duration;

use reqwest::{Client, Response, redirect::Policy};
use url::Url;

const CONNECT_LIMIT: Duration = Duration::from_secs(1);

/// Why the HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be made: {0}")]
pub struct HttpRelayError(String);

/// Makes a client that follows no redirect, repeats nothing, and gives up after a time.
pub(crate) fn client(time_limit: Duration, is_https: bool) -> Result<Client, HttpRelayError> {
    let tls = saoma_tls::client_config(is_https).map_err(|error| HttpRelayError(error.to_string()))?;
    let builder = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT_LIMIT.min(time_limit))
        .tls_backend_preconfigured(tls)
        .timeout(time_limit);
    builder.build().map_err(|error| HttpRelayError(error.without_url().to_string()))
}

/// Returns what an operator is shown of a URL: not its query, which may be a secret.
pub(crate) fn address(url: &Url) -> String {
    let port = url.port_or_known_default().unwrap_or_default();
    format!("{}:{port}{}", url.host_str().unwrap_or_default(), url.path())
}

/// Reads an answer of at most so many bytes.
pub(crate) async fn read_capped(mut answer: Response, most: usize) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| "broke off its answer")? {
        if body.len() + chunk.len() > most {
            return Err(format!("answered with more than {} KiB", most / 1024));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Says what went wrong without the URL.
pub(crate) fn kind_of(error: &reqwest::Error, time_limit: Duration) -> String {
    if error.is_connect() {
        "cannot be reached".to_owned()
    } else if error.is_timeout() {
        format!("did not answer within {} s", time_limit.as_secs())
    } else {
        "broke the connection".to_owned()
    }
}
