//! Requests and answers.

use reqwest::{Response, StatusCode, header::HeaderMap};
use serde_json::Value;

/// An answer that was read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// The body as JSON, or null.
    pub(crate) json: Value,
}

impl Answer {
    pub(crate) async fn read(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { status, headers, text, json }
    }

    /// Returns the login's state, or the problem's code.
    pub(crate) fn says(&self) -> &str {
        let word = self.json["state"].as_str().or_else(|| self.json["code"].as_str());
        word.unwrap_or_else(|| panic!("neither a state nor a problem: {} {}", self.status, self.text))
    }

    /// Returns the session's token that a device got.
    pub(crate) fn token(&self) -> &str {
        self.json["session"]["token"].as_str().unwrap_or_else(|| panic!("no session: {}", self.text))
    }

    /// Returns the apps of the account's identities, of a session.
    pub(crate) fn apps(&self) -> Vec<&str> {
        let identities = self.json["account"]["identities"].as_array().unwrap();
        identities.iter().map(|identity| identity["app"].as_str().unwrap()).collect()
    }

    /// Returns for how many seconds the service asks to be left alone.
    pub(crate) fn retry_after(&self) -> u64 {
        self.headers["retry-after"].to_str().unwrap().parse().unwrap()
    }

    /// Returns where a browser is sent.
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::FOUND, "{}", self.text);
        self.headers["location"].to_str().unwrap()
    }

    /// Returns the error that a person is told of on the login page.
    pub(crate) fn told_on_page(&self) -> &str {
        let query = self.location().strip_prefix("/login?").expect("it leads to the login page");
        query.strip_prefix("error=").unwrap().split('&').next().unwrap()
    }

    /// Checks that it is a problem in the contract's shape and returns its code.
    pub(crate) fn problem(&self) -> &str {
        assert_eq!(self.headers["content-type"], "application/problem+json", "{}", self.text);
        assert_eq!(self.json["status"], self.status.as_u16());
        assert_eq!(self.json["request_id"].as_str().unwrap(), self.headers["x-request-id"].to_str().unwrap());
        for field in ["type", "title", "detail"] {
            assert!(self.json[field].is_string(), "{field} is missing: {}", self.text);
        }
        self.json["code"].as_str().unwrap()
    }
}

/// Makes a client that goes where it is sent by itself nowhere, for tests to share: making one takes longer than
/// a request does. It keeps no connection, since every test has a runtime of its own.
pub(crate) fn http(user_agent: &str) -> reqwest::Client {
    // The sandbox may have done so before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    builder.user_agent(user_agent).pool_max_idle_per_host(0).build().unwrap()
}
