//! A service with OpenID clients, and a client that is written here.

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Method, StatusCode};
use saoma_sandbox::Person;
use serde_json::Value;
use url::form_urlencoded::Serializer;

use crate::harness::{Answer, Browser, Service, Setup, bind_in_browser, parameter};

/// Where the client of the site itself gets its codes.
pub(crate) const CALLBACK: &str = "https://app.example.test/cb?tenant=1";

/// Where it sends people after a logout.
pub(crate) const AFTER_LOGOUT: &str = "https://app.example.test/bye";

/// The secret of the clients that have one.
pub(crate) const SECRET: &str = "a secret of 32 characters: %+&=/";

pub(crate) const EVERY_SCOPE: &str = "openid profile phone wechat offline_access";

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| {
    let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    builder.pool_max_idle_per_host(0).build().unwrap()
});

/// A client.
#[derive(Clone, Copy)]
pub(crate) struct Rp {
    pub(crate) id: &'static str,
    pub(crate) secret: Option<&'static str>,
    pub(crate) callback: &'static str,
}

/// The site's own application.
pub(crate) const APP: Rp = Rp { id: "app", secret: Some(SECRET), callback: CALLBACK };

/// A program without a secret, which people are asked about.
pub(crate) const NATIVE: Rp = Rp { id: "native", secret: None, callback: "com.example.native:/callback" };

/// Another application with a secret, which people are asked about.
pub(crate) const OTHER: Rp =
    Rp { id: "other", secret: Some(SECRET), callback: "https://other.example.test/cb" };

/// Returns a service with these clients.
pub(crate) fn setup() -> Setup {
    let scopes = EVERY_SCOPE.replace(' ', ",");
    let mut setup = Setup::default();
    for (at, rp, name, trusted) in
        [(0, APP, "App", true), (1, NATIVE, "<b>Native</b>", false), (2, OTHER, "Other", false)]
    {
        let mut set = |key: &str, value: &str| {
            setup = setup.clone().set(&format!("oidc.clients.{at}.{key}"), value);
        };
        set("id", rp.id);
        set("name", name);
        set("redirect_uris", rp.callback);
        set("scopes", &scopes);
        set("trusted", if trusted { "true" } else { "false" });
        // It is made in no time.
        set("algorithm", "ES256");
        match rp.secret {
            Some(secret) => set("secret", secret),
            None => set("public", "true"),
        }
    }
    setup.set("oidc.clients.0.post_logout_redirect_uris", AFTER_LOGOUT)
}

/// Scans a code in front of a browser, which has a session then; a new person binds their number.
pub(crate) async fn scan_in(service: &Service, browser: &mut Browser, person: &Person) {
    let (id, qr) = browser.start(service).await;
    person.scan(&qr).await.unwrap();
    let path = format!("/v1/logins/{id}");
    let answer = browser.call(service, Method::GET, &path, None).await;
    if answer.says() == "unregistered" {
        bind_in_browser(service, browser, &id, person).await;
    }
    assert!(browser.cookie("saoma_session").is_some());
}

/// Returns the browser of a person who is logged in.
pub(crate) async fn logged_in(service: &Service, person: &Person) -> Browser {
    let mut browser = Browser::new();
    scan_in(service, &mut browser, person).await;
    browser
}

impl Rp {
    /// Returns the address that the client sends a browser to, with more parameters, or others; an empty one is left out.
    pub(crate) fn address(&self, scope: &str, with: &[(&str, &str)]) -> String {
        let usual = [
            ("client_id", self.id),
            ("redirect_uri", self.callback),
            ("response_type", "code"),
            ("scope", scope),
            ("state", "s-1"),
            ("nonce", "n-1"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let kept = usual.iter().filter(|(name, _)| with.iter().all(|(other, _)| other != name));
        let pairs = kept.chain(with).filter(|(_, value)| !value.is_empty());
        let query = Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("/oauth2/authorize?{query}")
    }

    /// Sends a browser that is logged in, and returns the code that it comes back with.
    pub(crate) async fn code(&self, service: &Service, browser: &mut Browser, scope: &str) -> String {
        let answer = browser.visit(service, &self.address(scope, &[])).await;
        let answer =
            if answer.status == StatusCode::OK { agree(service, browser, &answer).await } else { answer };
        code_in(&answer)
    }

    /// Redeems a code as the client that asked for it.
    pub(crate) async fn redeem(&self, service: &Service, code: &str) -> Answer {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.callback),
            ("code_verifier", VERIFIER),
        ];
        self.post(service, "/oauth2/token", &form).await
    }

    /// Uses a refresh token.
    pub(crate) async fn refresh(&self, service: &Service, token: &str) -> Answer {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.post(service, "/oauth2/token", &form).await
    }

    /// Makes a call as this client.
    pub(crate) async fn post(&self, service: &Service, path: &str, form: &[(&str, &str)]) -> Answer {
        let mut pairs = form.to_vec();
        pairs.push(("client_id", self.id));
        if let Some(secret) = self.secret {
            pairs.push(("client_secret", secret));
        }
        post(service, path, &pairs, &[]).await
    }

    /// Logs a person in and returns the tokens.
    pub(crate) async fn tokens(&self, service: &Service, browser: &mut Browser, scope: &str) -> Answer {
        let code = self.code(service, browser, scope).await;
        let tokens = self.redeem(service, &code).await;
        assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.text);
        tokens
    }
}

/// Sends a form to the service.
pub(crate) async fn post(
    service: &Service,
    path: &str,
    form: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Answer {
    let body = Serializer::new(String::new()).extend_pairs(form).finish();
    let request = HTTP.post(format!("{}{path}", service.url)).body(body);
    let request = request.header("Content-Type", "application/x-www-form-urlencoded");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    Answer::read(request.send().await.unwrap()).await
}

/// Sends a form as a browser does that shows a page of the site.
pub(crate) async fn submit(
    service: &Service,
    browser: &Browser,
    path: &str,
    form: &[(&str, &str)],
) -> Answer {
    let cookies = browser.cookies_at(path).join("; ");
    let origin = browser.origin.as_deref().unwrap();
    post(service, path, form, &[("Cookie", &cookies), ("Origin", origin)]).await
}

/// Reads with an access token.
pub(crate) async fn userinfo(service: &Service, token: &str) -> Answer {
    let request = HTTP.get(format!("{}/oauth2/userinfo", service.url)).bearer_auth(token);
    Answer::read(request.send().await.unwrap()).await
}

/// Reads something public.
pub(crate) async fn get(service: &Service, path: &str) -> Answer {
    Answer::read(HTTP.get(format!("{}{path}", service.url)).send().await.unwrap()).await
}

/// Returns the value of a hidden field of a form.
pub(crate) fn field(page: &Answer, name: &str) -> String {
    let start = format!("name={name} value=\"");
    let quoted = format!("name=\"{name}\" value=\"");
    let from = page.text.find(&start).map(|at| at + start.len());
    let from = from.or_else(|| page.text.find(&quoted).map(|at| at + quoted.len()));
    let rest = &page.text[from.unwrap_or_else(|| panic!("no field {name}: {}", page.text))..];
    rest.split('"').next().unwrap().replace("&amp;", "&")
}

/// Says yes on the page that asks.
pub(crate) async fn agree(service: &Service, browser: &Browser, page: &Answer) -> Answer {
    decide(service, browser, page, "allow").await
}

/// Answers on the page that asks.
pub(crate) async fn decide(service: &Service, browser: &Browser, page: &Answer, decision: &str) -> Answer {
    let (request, proof) = (field(page, "request"), field(page, "proof"));
    let form = [("request", request.as_str()), ("proof", proof.as_str()), ("decision", decision)];
    submit(service, browser, "/oauth2/consent", &form).await
}

/// Returns where a browser is sent, by whatever kind of redirect.
pub(crate) fn sent_to(answer: &Answer) -> &str {
    assert!(matches!(answer.status.as_u16(), 302 | 303), "{} {}", answer.status, answer.text);
    answer.headers["location"].to_str().unwrap()
}

/// Returns the code that a browser comes back with.
pub(crate) fn code_in(answer: &Answer) -> String {
    let to = sent_to(answer);
    parameter(to, "code").unwrap_or_else(|| panic!("no code: {to}"))
}

/// Returns the error that a client is told by the browser.
pub(crate) fn error_in(answer: &Answer) -> String {
    let to = sent_to(answer);
    assert!(parameter(to, "code").is_none(), "{to}");
    parameter(to, "error").unwrap_or_else(|| panic!("no error: {to}"))
}

/// Returns the claims of a token, whose signature another test checks.
pub(crate) fn claims(token: &str) -> Value {
    part(token, 1)
}

/// Returns the header of a token.
pub(crate) fn header(token: &str) -> Value {
    part(token, 0)
}

fn part(token: &str, at: usize) -> Value {
    let part = token.split('.').nth(at).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// Returns a text of an answer.
pub(crate) fn text(answer: &Answer, name: &str) -> String {
    answer.json[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", answer.text)).to_owned()
}

/// Checks that an answer is an error of RFC 6749 and no problem, and returns its word.
pub(crate) fn oauth_error(answer: &Answer) -> &str {
    assert_eq!(answer.headers["content-type"], "application/json", "{}", answer.text);
    assert!(answer.json["error_description"].is_string(), "{}", answer.text);
    assert!(answer.json.get("code").is_none() && answer.json.get("type").is_none(), "{}", answer.text);
    answer.json["error"].as_str().unwrap()
}
