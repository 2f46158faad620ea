//! Cookies: how they are set, and which are believed.

use reqwest::Method;
use serde_json::json;

use super::requests::{request, send};
use crate::harness::{Answer, Browser, Service, Setup, register};

/// Returns name and attributes of the one cookie that an answer sets, in alphabetical order, without value
/// and date.
fn set(answer: &Answer) -> (String, Vec<String>) {
    let mut cookies = set_all(answer);
    assert_eq!(cookies.len(), 1, "{cookies:?}");
    cookies.remove(0)
}

fn set_all(answer: &Answer) -> Vec<(String, Vec<String>)> {
    let cookies = answer.headers.get_all("set-cookie").iter();
    cookies.map(|cookie| parts(cookie.to_str().unwrap())).collect()
}

fn parts(cookie: &str) -> (String, Vec<String>) {
    let mut parts = cookie.split("; ").map(str::to_owned);
    let name = parts.next().unwrap().split_once('=').unwrap().0.to_owned();
    let mut attributes: Vec<String> = parts.filter(|part| !part.starts_with("Expires=")).collect();
    attributes.sort();
    (name, attributes)
}

fn without_age(mut attributes: Vec<String>) -> Vec<String> {
    attributes.retain(|part| !part.starts_with("Max-Age="));
    attributes
}

/// Logs a browser in and returns it with the answers that set the login's cookie and the session's.
async fn logged_in(service: &Service) -> (Browser, Answer, Answer) {
    let ming = service.person("ming");
    register(service, &ming).await;
    let mut browser = Browser::new();
    let body = Some(json!({"channel": "official_account"}));
    let origin = browser.origin.take();
    let started = browser.call(service, Method::POST, "/v1/logins", body).await;
    browser.origin = origin;
    ming.scan(started.json["qr"]["content"].as_str().unwrap()).await.unwrap();
    let path = format!("/v1/logins/{}", started.json["id"].as_str().unwrap());
    let done = browser.call(service, Method::GET, &path, None).await;
    assert_eq!(done.says(), "registered");
    (browser, started, done)
}

#[tokio::test]
async fn over_http_cookies_are_closed_to_scripts_and_to_other_sites() {
    let service = Setup::default().start().await;
    let (mut browser, started, done) = logged_in(&service).await;
    let (name, attributes) = set(&started);
    assert_eq!(name, "saoma_login");
    let path = format!("Path=/v1/logins/{}", started.json["id"].as_str().unwrap());
    assert_eq!(without_age(attributes), ["HttpOnly", &path, "SameSite=Lax"]);
    let (name, attributes) = set(&done);
    assert_eq!(name, "saoma_session");
    assert_eq!(attributes, ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax"]);

    let out = browser.call(&service, Method::DELETE, "/v1/session", None).await;
    assert_eq!(
        set(&out),
        ("saoma_session".to_owned(), strings(&["HttpOnly", "Max-Age=0", "Path=/", "SameSite=Lax"]))
    );
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[tokio::test]
async fn over_https_they_are_secure_and_their_names_are_guarded() {
    let service = Setup::default().set("server.public_url", "https://login.example.test").start().await;
    let (mut browser, started, done) = logged_in(&service).await;
    let path = format!("Path=/v1/logins/{}", started.json["id"].as_str().unwrap());
    let bound = strings(&["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax", "Secure"]);
    let [(name, attributes), browser_name] = set_all(&started).try_into().unwrap();
    assert_eq!(name, "__Secure-saoma_login");
    assert_eq!(without_age(attributes), ["HttpOnly", &path, "SameSite=Lax", "Secure"]);
    let (name, attributes) = browser_name;
    assert!(name.starts_with("__Host-saoma_browser_"), "{name}");
    assert_eq!(attributes, bound, "which it only counts beside");
    let (name, attributes) = set(&done);
    assert_eq!(name, "__Host-saoma_session");
    assert_eq!(without_age(attributes), ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);

    browser.origin = Some("https://login.example.test".to_owned());
    let out = browser.call(&service, Method::DELETE, "/v1/session", None).await;
    let removal = strings(&["HttpOnly", "Max-Age=0", "Path=/", "SameSite=Lax", "Secure"]);
    assert_eq!(set(&out), ("__Host-saoma_session".to_owned(), removal), "only so a browser takes it");
}

#[tokio::test]
async fn a_session_for_a_whole_domain_has_the_other_guarded_name() {
    let service = Setup::default()
        .set("server.public_url", "https://login.example.test")
        .set("session.cookie_domain", "example.test")
        .start()
        .await;
    let (_, _, done) = logged_in(&service).await;
    let (name, attributes) = set(&done);
    assert_eq!(name, "__Secure-saoma_session", "`__Host-` forbids a domain");
    assert_eq!(
        without_age(attributes),
        ["Domain=example.test", "HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    );
}

#[tokio::test]
async fn two_cookies_of_one_name_are_none() {
    let service = Setup::default().start().await;
    let (browser, started, _) = logged_in(&service).await;
    let value = |name: &str| &browser.cookies.iter().find(|(n, _, _)| n == name).unwrap().1;
    let (login, session) = (value("saoma_login"), value("saoma_session"));
    let path = format!("/v1/logins/{}", started.json["id"].as_str().unwrap());
    let asked = async |path: &str, cookies: &str| {
        send(request(&service, Method::GET, path).header("Cookie", cookies)).await.status.as_u16()
    };
    assert_eq!(asked("/v1/session", &format!("saoma_session={session}")).await, 200);
    assert_eq!(asked(&path, &format!("saoma_login={login}")).await, 200);
    for planted in ["planted", session, ""] {
        for cookies in [
            format!("saoma_session={planted}; saoma_session={session}"),
            format!("saoma_session={session}; saoma_session={planted}"),
        ] {
            assert_eq!(asked("/v1/session", &cookies).await, 401, "{cookies}");
        }
    }
    assert_eq!(asked(&path, &format!("saoma_login=planted; saoma_login={login}")).await, 404);
    let split =
        request(&service, Method::GET, "/v1/session").header("Cookie", format!("saoma_session={session}"));
    let split = split.header("Cookie", "saoma_session=planted");
    assert_eq!(send(split).await.status, 401, "nor in two headers");
}

#[tokio::test]
async fn a_name_that_only_reads_like_a_guarded_one_is_not_believed() {
    let service = Setup::default().set("server.public_url", "https://login.example.test").start().await;
    let (browser, ..) = logged_in(&service).await;
    let session = &browser.cookies.iter().find(|(name, _, _)| name == "__Host-saoma_session").unwrap().1;
    let asked = async |cookies: Vec<u8>| {
        let header = reqwest::header::HeaderValue::from_bytes(&cookies).unwrap();
        send(request(&service, Method::GET, "/v1/session").header("Cookie", header)).await.status.as_u16()
    };
    assert_eq!(asked(format!("__Host-saoma_session={session}").into_bytes()).await, 200);
    // Browsers guard none of these names, so any neighbour could have set them.
    for name in [
        "saoma_session",
        "__Secure-saoma_session",
        "__host-saoma_session",
        "__%48ost-saoma_session",
        "%5F%5FHost-saoma_session",
        "\u{2000}__Host-saoma_session",
        "\u{a0}__Host-saoma_session",
        "\u{85}__Host-saoma_session",
    ] {
        assert_eq!(asked(format!("{name}={session}").into_bytes()).await, 401, "{name:?}");
        let planted = format!("{name}=planted; __Host-saoma_session={session}");
        assert_eq!(asked(planted.into_bytes()).await, 200, "{name:?} does not get in the way either");
    }
}

#[tokio::test]
async fn cookies_of_others_get_in_nobodys_way() {
    let service = Setup::default().start().await;
    let (browser, ..) = logged_in(&service).await;
    let session = &browser.cookies.iter().find(|(name, _, _)| name == "saoma_session").unwrap().1;
    for others in ["nameless", "=x", "a=b", "broken=%FF%", "quoted=\"a b\"", ";", "bytes=\u{fc}"] {
        for cookies in
            [format!("{others}; saoma_session={session}"), format!("saoma_session={session}; {others}")]
        {
            let answer = send(request(&service, Method::GET, "/v1/session").header("Cookie", &cookies)).await;
            assert_eq!(answer.status, 200, "{cookies}");
        }
    }
    let latin1 = [b"other=\xfc; saoma_session=".as_slice(), session.as_bytes()].concat();
    let header = reqwest::header::HeaderValue::from_bytes(&latin1).unwrap();
    assert_eq!(
        send(request(&service, Method::GET, "/v1/session").header("Cookie", header)).await.status,
        200
    );
}
