//! Signed tokens about who is logged in, and the keys that verify them.

mod jwt;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    contract::client,
    harness::{Answer, Browser, PUBLIC_URL, Service, Setup, log_in, register},
    site_api::support::{call, call_with, with_root},
};
pub(crate) use jwt::{Jwt, keys};

/// A service with two audiences, of which one may know name and number.
fn setup() -> Setup {
    Setup::default()
        .set("tokens.0.audience", "orders")
        .set("tokens.0.claims", "name,phone_number")
        .set("tokens.1.audience", "https://reports.example.test/")
        .set("tokens.1.ttl_s", 60)
        .set("tokens.1.algorithm", "RS256")
}

async fn ask(service: &Service, token: &str, audience: &str) -> Answer {
    let request = client().post(format!("{}/v1/session/token", service.url)).bearer_auth(token);
    Answer::read(request.json(&json!({ "audience": audience })).send().await.unwrap()).await
}

fn seconds(text: &Value) -> i64 {
    let parsed =
        time::OffsetDateTime::parse(text.as_str().unwrap(), &time::format_description::well_known::Rfc3339);
    parsed.unwrap().unix_timestamp()
}

#[tokio::test]
async fn a_service_is_given_a_token_that_it_verifies_by_itself() {
    let service = setup().start().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    let profile = client().patch(format!("{}/v1/session/profile", service.url)).bearer_auth(&token);
    profile.json(&json!({"nickname": "小明"})).send().await.unwrap();
    let session = device.session(&service, &token).await;
    let answer = ask(&service, &token, "orders").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json["expires_in"], 300);
    let jwt = Jwt::verified(&keys(&service).await, answer.json["token"].as_str().unwrap());
    assert_eq!((jwt.header["alg"].as_str(), jwt.header["typ"].as_str()), (Some("ES256"), Some("JWT")));
    let claims = &jwt.claims;
    assert_eq!(claims["iss"], PUBLIC_URL);
    assert_eq!((&claims["aud"], &claims["sub"]), (&json!("orders"), &session.json["account"]["id"]));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 300);
    assert_eq!(claims["auth_time"], seconds(&session.json["auth_time"]));
    assert_eq!(claims["amr"], session.json["amr"]);
    assert_eq!(claims["acr"], "urn:saoma:acr:wechat");
    assert_eq!(claims["name"], "小明");
    assert_eq!(claims["phone_number"], ming.phone());
    let sessions = device.with_session(&service, Method::GET, "/v1/sessions", &token).await;
    assert_eq!(claims["sid"], sessions.json["sessions"][0]["id"]);
    assert_eq!(claims.get("external_id"), None);
    let again = ask(&service, &token, "orders").await;
    let again = Jwt::verified(&keys(&service).await, again.json["token"].as_str().unwrap());
    assert_ne!(again.claims["jti"], claims["jti"], "no two tokens have one id");
}

#[tokio::test]
async fn an_audience_is_told_what_its_section_allows_and_signed_to_as_it_says() {
    let service = setup().start().await;
    let (_, token) = register(&service, &service.person("ming")).await;
    let answer = ask(&service, &token, "https://reports.example.test/").await;
    assert_eq!(answer.json["expires_in"], 60, "{}", answer.text);
    let jwt = Jwt::verified(&keys(&service).await, answer.json["token"].as_str().unwrap());
    assert_eq!(jwt.header["alg"], "RS256");
    assert_eq!((jwt.claims.get("name"), jwt.claims.get("phone_number")), (None, None));
}

#[tokio::test]
async fn who_is_not_logged_in_gets_no_token() {
    let service = setup().start().await;
    let (device, token) = register(&service, &service.person("ming")).await;
    assert_eq!(ask(&service, &token, "others").await.problem(), "body_invalid");
    assert_eq!(ask(&service, "made-up", "orders").await.problem(), "session_invalid");
    device.log_out(&service, &token).await;
    let refused = ask(&service, &token, "orders").await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (401, "session_invalid"));
    let none = client().post(format!("{}/v1/session/token", service.url));
    let none = none.json(&json!({"audience": "orders"})).send().await.unwrap();
    assert_eq!(none.status(), 401);
}

#[tokio::test]
async fn a_page_of_another_site_gets_no_token_with_the_persons_cookie() {
    let service = setup().start().await;
    let (_, token) = register(&service, &service.person("ming")).await;
    let mut browser = Browser::new();
    browser.cookies.push(("saoma_session".to_owned(), token, "/".to_owned()));
    let body = || Some(json!({"audience": "orders"}));
    let own = browser.call(&service, Method::POST, "/v1/session/token", body()).await;
    assert_eq!(own.status, 200, "{}", own.text);
    for origin in [None, Some("https://evil.test"), Some("null")] {
        browser.origin = origin.map(str::to_owned);
        let refused = browser.call(&service, Method::POST, "/v1/session/token", body()).await;
        assert_eq!(refused.problem(), "origin_refused", "{origin:?}");
    }
}

#[tokio::test]
async fn one_session_does_not_get_any_number_of_tokens() {
    let service = setup().start().await;
    let (_, token) = register(&service, &service.person("ming")).await;
    for _ in 0..120 {
        assert_eq!(ask(&service, &token, "orders").await.status, 200);
    }
    let refused = ask(&service, &token, "orders").await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (429, "rate_limited"));
    let (_, other) = register(&service, &service.person("hua")).await;
    assert_eq!(ask(&service, &other, "orders").await.status, 200, "others are not held up");
}

#[tokio::test]
async fn the_keys_can_be_cached_and_outlive_the_process() {
    let mut service = setup().start().await;
    let answer = client().get(format!("{}/oauth2/jwks", service.url)).send().await.unwrap();
    assert_eq!(answer.headers()["cache-control"], "public, max-age=3600");
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    let tag = answer.headers()["etag"].clone();
    let keys = answer.text().await.unwrap();
    for secret in ["\"d\"", "\"p\"", "\"q\"", "\"dp\"", "\"k\""] {
        assert!(!keys.contains(secret), "{keys}");
    }
    let again = client().get(format!("{}/oauth2/jwks", service.url)).header("If-None-Match", &tag);
    assert_eq!(again.send().await.unwrap().status(), 304);
    service.kill().await;
    service.start_again().await;
    let after = client().get(format!("{}/oauth2/jwks", service.url)).send().await.unwrap();
    assert_eq!(after.headers()["etag"], tag);
    assert_eq!(after.text().await.unwrap(), keys);
}

#[tokio::test]
async fn without_an_audience_there_is_no_key() {
    let service = Setup::default().start().await;
    let answer = client().get(format!("{}/oauth2/jwks", service.url)).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), r#"{"keys":[]}"#);
}

#[tokio::test]
async fn a_key_of_the_configuration_is_the_one_that_signs() {
    let pem = concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/jwt/tests/keys/rsa.pem");
    let next = concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/jwt/tests/keys/rsa-other.pem");
    let service = setup()
        .set("signing.keys.0.key_file", pem)
        .set("signing.keys.1.key_file", next)
        .set("signing.keys.1.signs_from", "2999-01-01T00:00:00Z")
        .start()
        .await;
    let (_, token) = register(&service, &service.person("ming")).await;
    let answer = ask(&service, &token, "https://reports.example.test/").await;
    let published = keys(&service).await;
    let jwt = Jwt::verified(&published, answer.json["token"].as_str().unwrap());
    let key = saoma_api::config::SigningKey::from_pem(&std::fs::read_to_string(pem).unwrap()).unwrap();
    assert_eq!(jwt.header["kid"], key.kid());
    let published: Vec<&str> = published.iter().map(|key| key["alg"].as_str().unwrap()).collect();
    assert_eq!(published, ["RS256", "RS256", "ES256"], "the next one too, and one that was made");
}

#[tokio::test]
async fn a_service_reads_which_sessions_have_ended_and_refuses_their_tokens() {
    let service = with_root(setup()).start().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    let (_, stays) = register(&service, &service.person("lan")).await;
    let sid = async |token: &str| {
        let answer = ask(&service, token, "orders").await;
        let jwt = Jwt::verified(&keys(&service).await, answer.json["token"].as_str().unwrap());
        jwt.claims["sid"].as_str().unwrap().to_owned()
    };
    let (ended, lives) = (sid(&token).await, sid(&stays).await);
    let list = async |query: &str| {
        let path = format!("/v1/admin/sessions/ended{query}");
        let answer = call(&service, Method::GET, &path, None).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json
    };
    assert_eq!(list("").await, json!({"items": [], "next": null}));
    device.with_session(&service, Method::DELETE, "/v1/session", &token).await;
    let listed = list("").await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(listed["items"][0]["sid"], ended.as_str());
    let again = device_logs_in_and_out(&service, &ming).await;
    let first = list("?limit=1").await;
    let next = list(&format!("?limit=1&after={}", first["next"].as_str().unwrap())).await;
    assert_eq!((&first["items"][0]["sid"], &next["items"][0]["sid"]), (&json!(ended), &json!(again)));
    assert_eq!(next["next"], Value::Null);
    assert!(!list("").await.to_string().contains(&lives));
    assert_eq!(list("?since=2100-01-01T00:00:00Z").await["items"], json!([]));
    for wrong in ["?after=x", "?since=yesterday", "?limit=201", "?sid=x"] {
        let answer = call(&service, Method::GET, &format!("/v1/admin/sessions/ended{wrong}"), None).await;
        assert_eq!(answer.problem(), "body_invalid", "{wrong}");
    }
    let none = call_with(&service, None, Method::GET, "/v1/admin/sessions/ended", None).await;
    assert_eq!(none.problem(), "key_invalid");
}

/// Logs a person in and out, and returns the id of the session that ended.
async fn device_logs_in_and_out(service: &Service, person: &saoma_sandbox::Person) -> String {
    let (device, token) = log_in(service, person).await;
    let sessions = device.with_session(service, Method::GET, "/v1/sessions", &token).await;
    let is_current = |session: &&Value| session["current"] == true;
    let all = sessions.json["sessions"].as_array().unwrap();
    let sid = all.iter().find(is_current).unwrap()["id"].as_str().unwrap().to_owned();
    device.with_session(service, Method::DELETE, "/v1/session", &token).await;
    sid
}
