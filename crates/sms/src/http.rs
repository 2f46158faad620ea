//! HTTP as all gateways are called: one try, bounded in time and size, without redirects and proxies.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, redirect::Policy};
use ring::digest;
use saoma_domain::text::hex;
use saoma_trace::Callee;
use url::Url;

/// A gateway that is slower than this has not taken the message.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(3);
const CONNECT_LIMIT: Duration = Duration::from_secs(1);

/// No gateway answers with more.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Why a sender could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be made: {0}")]
pub struct ClientError(String);

impl ClientError {
    pub(crate) fn of(error: &impl ToString) -> Self {
        Self(error.to_string())
    }
}

/// An answer that was read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Makes a client for a gateway at this address.
pub(crate) fn client(url: &Url) -> Result<Client, ClientError> {
    // A gateway without TLS needs no CA certificate of the system.
    let tls = saoma_tls::client_config(url.scheme() == "https").map_err(|error| ClientError::of(&error))?;
    let builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .connect_timeout(CONNECT_LIMIT)
        .timeout(TIME_LIMIT)
        .redirect(Policy::none())
        .no_proxy();
    builder.build().map_err(|error| ClientError(error.without_url().to_string()))
}

/// Sends a request to what is named and reads the answer, or says why there is none, without the URL, which may hold a credential.
pub(crate) async fn send(request: RequestBuilder, what: &str) -> Result<Answer, &'static str> {
    let sent = saoma_trace::send(request, what, Callee::Foreign).await;
    let mut response = sent.map_err(|error| kind_of(&error))?;
    let (status, mut body) = (response.status().as_u16(), Vec::new());
    while let Some(chunk) = response.chunk().await.map_err(|error| kind_of(&error))? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err("its answer is too long");
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, body })
}

fn kind_of(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "it did not answer within 3 s"
    } else if error.is_connect() {
        "it cannot be reached"
    } else {
        "it broke the connection"
    }
}

/// Returns the `Host` of a URL as it is sent and signed.
pub(crate) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Returns the SHA-256 of some bytes, in hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// Writes a text as RFC 3986 wants it in a query: a blank is `%20`, and `~` stays.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
