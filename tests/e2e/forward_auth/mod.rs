//! `GET /v1/forward-auth`: who is logged in, for a proxy and the systems behind it.

pub(crate) mod proxies;

use reqwest::Method;
use serde_json::json;

use crate::{
    contract::client,
    harness::{Answer, Service, Setup, parameter, register},
    tokens::{Jwt, keys},
};

const NAVIGATION: (&str, &str) = ("Accept", "text/html,application/xhtml+xml");

async fn ask(service: &Service, headers: &[(&str, &str)]) -> Answer {
    let request = client().get(format!("{}/v1/forward-auth", service.url));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    Answer::read(request.send().await.unwrap()).await
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_proxy_is_told_who_is_logged_in() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    let session = device.session(&service, &token).await;
    let cookie = format!("theme=dark; saoma_session={token}");
    let answer = ask(&service, &[("Cookie", &cookie), ("X-Saoma-Account", "forged")]).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, ""));
    assert_eq!(header(&answer, "x-saoma-account"), session.json["account"]["id"].as_str());
    assert_eq!(header(&answer, "x-saoma-phone"), session.json["account"]["phone"].as_str(), "masked");
    assert_eq!(header(&answer, "x-saoma-auth-time"), session.json["auth_time"].as_str());
    assert_eq!(header(&answer, "x-saoma-amr"), Some("wechat_qr sms"));
    assert_eq!(header(&answer, "x-saoma-external-id"), None);
    assert_eq!(header(&answer, "authorization"), None);
    let profile = client().patch(format!("{}/v1/session/profile", service.url)).bearer_auth(&token);
    profile.json(&json!({"nickname": "小明"})).send().await.unwrap();
    let answer = ask(&service, &[("Authorization", &format!("Bearer {token}"))]).await;
    assert_eq!(header(&answer, "x-saoma-name"), Some("UTF-8''%E5%B0%8F%E6%98%8E"));
    device.log_out(&service, &token).await;
    assert_eq!(ask(&service, &[("Cookie", &cookie)]).await.problem(), "session_invalid");
}

#[tokio::test]
async fn how_much_of_the_number_is_told_is_the_sites_choice() {
    for (phone, whole) in [("full", true), ("none", false)] {
        let service = Setup::default().set("forward_auth.phone", phone).start().await;
        let (_, token) = register(&service, &service.person("ming")).await;
        let answer = ask(&service, &[("Authorization", &format!("Bearer {token}"))]).await;
        let told = header(&answer, "x-saoma-phone").map(|told| told.starts_with("+86"));
        assert_eq!(told, whole.then_some(true), "{phone}");
    }
}

#[tokio::test]
async fn a_proxy_is_given_a_signed_token_where_the_site_wants_it() {
    let service = Setup::default().set("forward_auth.jwt_audience", "intranet").start().await;
    let (device, token) = register(&service, &service.person("ming")).await;
    let session = device.session(&service, &token).await;
    let cookie = format!("saoma_session={token}");
    let answer = ask(&service, &[("Cookie", &cookie)]).await;
    let jwt = header(&answer, "authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap();
    let jwt = Jwt::verified(&keys(&service).await, jwt);
    assert_eq!(jwt.claims["aud"], "intranet");
    assert_eq!(jwt.claims["sub"], session.json["account"]["id"]);
    assert_eq!(header(&ask(&service, &[]).await, "authorization"), None);
}

#[tokio::test]
async fn a_browser_behind_traefik_or_caddy_is_sent_to_the_login_page_and_a_program_is_not() {
    let service = Setup::default().set("login.return_to_allowed", "https://shop.example.test/").start().await;
    let wanted = "/orders?page=2&sort=a%26b&x=%E5%B0%8F";
    let asked = |host, uri, accept| {
        [
            ("X-Forwarded-Method", "GET"),
            ("X-Forwarded-Proto", if host == "shop.example.test" { "https" } else { "http" }),
            ("X-Forwarded-Host", host),
            ("X-Forwarded-Uri", uri),
            accept,
        ]
    };
    let sent = ask(&service, &asked("login.example.test", wanted, NAVIGATION)).await;
    assert!(sent.location().starts_with("http://login.example.test/login?"), "{}", sent.location());
    assert_eq!(parameter(sent.location(), "return_to").unwrap(), wanted);
    let sent = ask(&service, &asked("shop.example.test", wanted, NAVIGATION)).await;
    assert_eq!(
        parameter(sent.location(), "return_to").unwrap(),
        format!("https://shop.example.test{wanted}")
    );
    for refused in [
        asked("evil.test", wanted, NAVIGATION).to_vec(),
        asked("login.example.test", "//evil.test/", NAVIGATION).to_vec(),
        asked("login.example.test", "https://evil.test/", NAVIGATION).to_vec(),
        asked("login.example.test", wanted, ("Accept", "application/json")).to_vec(),
        [vec![("X-Forwarded-Method", "POST")], asked("login.example.test", wanted, NAVIGATION)[1..].to_vec()]
            .concat(),
        vec![NAVIGATION],
    ] {
        let answer = ask(&service, &refused).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (401, "session_invalid"), "{refused:?}");
        assert_eq!(header(&answer, "x-saoma-login"), None, "{refused:?}");
    }
}

#[tokio::test]
async fn envoy_asks_below_the_path_with_the_method_of_the_request() {
    let service = Setup::default().start().await;
    let below = |method: Method, path: &str| {
        let request = client().request(method, format!("{}/v1/forward-auth{path}", service.url));
        request.header("Host", "login.example.test").header("Accept", "text/html")
    };
    let wanted = "/orders/7?page=2&sort=a%26b";
    let sent = Answer::read(below(Method::GET, wanted).send().await.unwrap()).await;
    assert_eq!(parameter(sent.location(), "return_to").unwrap(), wanted);
    let sent = Answer::read(below(Method::GET, "//evil.test/").send().await.unwrap()).await;
    assert_eq!(parameter(sent.location(), "return_to").unwrap(), "/evil.test/", "of this site");
    let refused = Answer::read(below(Method::POST, wanted).send().await.unwrap()).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (401, "session_invalid"));
    let (_, token) = register(&service, &service.person("ming")).await;
    for method in [Method::GET, Method::POST, Method::DELETE, Method::OPTIONS] {
        let asked = below(method.clone(), wanted).header("Cookie", format!("saoma_session={token}"));
        let answer = Answer::read(asked.send().await.unwrap()).await;
        assert_eq!(answer.status, 200, "{method}");
        assert!(header(&answer, "x-saoma-account").is_some(), "{method}");
    }
}

#[tokio::test]
async fn other_proxies_are_told_where_the_login_page_is() {
    let service = Setup::default().start().await;
    let asked = [
        ("X-Original-Method", "GET"),
        ("X-Original-Host", "login.example.test"),
        ("X-Original-URI", "/orders?a=1&b=2"),
        // A client may have sent these.
        ("X-Forwarded-Method", "GET"),
        ("X-Forwarded-Host", "login.example.test"),
        ("X-Forwarded-Uri", "/elsewhere"),
        NAVIGATION,
    ];
    let answer = ask(&service, &asked).await;
    assert_eq!(answer.problem(), "session_invalid");
    let login = header(&answer, "x-saoma-login").unwrap();
    assert_eq!(parameter(login, "return_to").unwrap(), "/orders?a=1&b=2");
    let other =
        client().request(Method::POST, format!("{}/v1/forward-auth", service.url)).send().await.unwrap();
    assert_eq!(other.status(), 405);
}
