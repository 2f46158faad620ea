//! A browser: it keeps cookies, and says from which site its calls come.

use std::cell::RefCell;

use actix_web::{cookie::Cookie, http::Method};
use saoma_api::config::Mount;
use serde_json::{Value, json};

use crate::app::{TestAnswer, TestCall, TestedApp};

/// A browser on a page of the site.
pub struct TestClient<'a> {
    app: &'a dyn TestedApp,
    site: String,
    api: String,
    cookies: RefCell<Vec<Cookie<'static>>>,
}

/// A login that a browser has opened.
#[derive(Clone, Debug)]
pub struct TestLogin {
    /// Where it is, such as `/v1/logins/…`: GET tells its state.
    pub path: String,
    /// The URL in its QR code, for those who scan it.
    pub qr: String,
}

impl<'a> TestClient<'a> {
    pub(crate) fn new(app: &'a dyn TestedApp, site: String, mount: &Mount) -> Self {
        Self { app, site, api: format!("{mount}/v1"), cookies: RefCell::default() }
    }

    /// Opens a login of the official account `main`, as the login page does.
    ///
    /// # Panics
    /// Where it is refused: the message has the answer.
    pub async fn open_login(&self) -> TestLogin {
        let opened = self.post(&format!("{}/logins", self.api), json!({"channel": "official_account"})).await;
        assert_eq!(opened.status, 201, "a login is opened: {}", opened.text);
        let opened = opened.json();
        let text = |pointer: &str| opened.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        TestLogin { path: format!("{}/logins/{}", self.api, text("/id")), qr: text("/qr/content").to_owned() }
    }

    /// Asks whose session the browser has: 200 with the account, or 401.
    pub async fn session(&self) -> TestAnswer {
        self.get(&format!("{}/session", self.api)).await
    }

    /// Goes to a page, as a person does who types its address.
    pub async fn visit(&self, path: &str) -> TestAnswer {
        let headers =
            [("accept", "text/html"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        self.send(Method::GET, path, &headers, None).await
    }

    /// Calls GET, as a script of the page does.
    pub async fn get(&self, path: &str) -> TestAnswer {
        self.call(Method::GET, path, None).await
    }

    /// Calls POST with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> TestAnswer {
        self.call(Method::POST, path, Some(body)).await
    }

    /// Makes a call, as a script of the page does: with the site's `Origin` where it changes something.
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> TestAnswer {
        let reads = method == Method::GET || method == Method::HEAD;
        let origin = [("origin", self.site.as_str())];
        self.send(method, path, if reads { &[] } else { &origin }, body).await
    }

    /// Returns the token of the session, as the browser keeps it in a cookie.
    pub fn session_token(&self) -> Option<String> {
        let cookies = self.cookies.borrow();
        let session = cookies.iter().find(|cookie| cookie.name().ends_with("saoma_session"));
        session.map(|cookie| cookie.value().to_owned())
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> TestAnswer {
        let mut headers: Vec<_> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        if let Some(cookies) = self.cookies_for(path) {
            headers.push(("cookie".to_owned(), cookies));
        }
        if body.is_some() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        let call = TestCall { method, path: path.to_owned(), headers, body };
        let answer = self.app.call(call).await;
        self.keep_cookies(&answer);
        answer
    }

    fn cookies_for(&self, path: &str) -> Option<String> {
        let path = path.split('?').next().unwrap_or_default();
        let belongs = |cookie: &&Cookie<'_>| {
            let folder = cookie.path().unwrap_or("/").trim_end_matches('/');
            path.strip_prefix(folder).is_some_and(|below| below.is_empty() || below.starts_with('/'))
        };
        let cookies = self.cookies.borrow();
        let sent: Vec<_> =
            cookies.iter().filter(belongs).map(|cookie| cookie.stripped().to_string()).collect();
        (!sent.is_empty()).then(|| sent.join("; "))
    }

    fn keep_cookies(&self, answer: &TestAnswer) {
        let set = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
        let mut cookies = self.cookies.borrow_mut();
        for cookie in set.filter_map(|(_, text)| Cookie::parse(text.clone()).ok()) {
            cookies.retain(|known| known.name() != cookie.name() || known.path() != cookie.path());
            let is_over = cookie.max_age().is_some_and(|age| age.is_zero() || age.is_negative());
            if !is_over {
                cookies.push(cookie.into_owned());
            }
        }
    }
}
