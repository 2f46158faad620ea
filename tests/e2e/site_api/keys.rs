//! Keys, scopes and networks, by the first call: whose session is it?

use reqwest::Method;
use serde_json::{Value, json};

use super::support::{EVERY_SCOPE, call, call_with, sha256, with_key, with_root};
use crate::{
    contract::saoma,
    harness::{Answer, Service, Setup, register},
};

const INTROSPECT: &str = "/v1/admin/introspect";

async fn introspect(service: &Service, key: Option<&str>, body: Value) -> Answer {
    call_with(service, key, Method::POST, INTROSPECT, Some(body)).await
}

#[tokio::test]
async fn a_back_end_learns_whose_session_a_token_is() {
    let service = with_root(Setup::default()).start().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    for shown in [
        json!({"token": token}),
        json!({"cookie": token}),
        json!({"cookie": format!("theme=dark; saoma_session={token}; x=y")}),
    ] {
        let answer = call(&service, Method::POST, INTROSPECT, Some(shown)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.json["active"], true, "{}", answer.text);
        let account = &answer.json["account"];
        let phone = account["phone"].as_str().unwrap();
        assert!(phone.starts_with("+86") && phone.ends_with(ming.phone()), "the whole number: {phone}");
        assert_eq!(account["identities"][0]["app"], "main");
        assert_eq!(account["identities"][0]["kind"], "official_account");
        assert!(account["identities"][0]["openid"].as_str().unwrap().starts_with('o'), "{}", answer.text);
        assert!(answer.json["session"]["expires_at"].is_string());
    }
    device.log_out(&service, &token).await;
    let answer = call(&service, Method::POST, INTROSPECT, Some(json!({"token": token}))).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, r#"{"active":false}"#));
}

#[tokio::test]
async fn any_other_text_is_no_session() {
    let service = with_root(Setup::default()).start().await;
    for other in ["", "x", "saoma_session=", "a=b", &"A".repeat(43), "saoma_session=a; saoma_session=b"] {
        for shown in [json!({"token": other}), json!({"cookie": other})] {
            let answer = call(&service, Method::POST, INTROSPECT, Some(shown)).await;
            assert_eq!(
                (answer.status.as_u16(), answer.text.as_str()),
                (200, r#"{"active":false}"#),
                "{other}"
            );
        }
    }
    for wrong in
        [json!({}), json!({"token": "a", "cookie": "b"}), json!({"tocken": "a"}), json!({"token": 1})]
    {
        let answer = call(&service, Method::POST, INTROSPECT, Some(wrong.clone())).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (422, "body_invalid"), "{wrong}");
    }
}

#[tokio::test]
async fn a_call_needs_a_key_with_its_scope_from_its_network() {
    let setup = with_key(with_root(Setup::default()), 1, "audit", "audit-key", "audit:read");
    let setup =
        with_key(setup, 2, "far", "far-key", "sessions:read").set("admin.keys.2.networks", "203.0.113.0/24");
    let setup = with_key(setup, 3, "near", "near-key", "sessions:read")
        .set("admin.keys.3.networks", "127.0.0.0/8, ::1");
    let service = setup.start().await;
    for wrong in [None, Some(""), Some("wrong"), Some("audit-key ;")] {
        let answer = introspect(&service, wrong, json!({"nonsense": true})).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (401, "key_invalid"), "{wrong:?}");
    }
    let missing = introspect(&service, Some("audit-key"), json!({"nonsense": true})).await;
    assert_eq!((missing.status.as_u16(), missing.problem()), (403, "scope_missing"));
    assert!(
        missing.text.contains("sessions:read") && !missing.text.contains("audit-key"),
        "{}",
        missing.text
    );
    let far = introspect(&service, Some("far-key"), json!({"token": "x"})).await;
    assert_eq!((far.status.as_u16(), far.problem()), (403, "origin_refused"));
    assert_eq!(introspect(&service, Some("near-key"), json!({"token": "x"})).await.status, 200);
    let public = crate::contract::post(&service, INTROSPECT, r#"{"token": "x"}"#).await;
    assert_eq!(public.status, 404, "the public listener has none of it");
}

#[tokio::test]
async fn every_call_needs_the_scope_that_the_description_names() {
    let described: Value =
        serde_json::from_str(&saoma(&["openapi", "--admin"], &[]).await.succeeds().stdout).unwrap();
    let calls = calls_of(&described);
    assert!(calls.len() >= 25, "{calls:?}");
    // One key that has the scopes of a call and no other, and one that has all others, for each call.
    let mut setup = Setup::default();
    for (at, (_, _, scopes)) in calls.iter().enumerate() {
        let others: Vec<_> =
            EVERY_SCOPE.split(',').filter(|scope| !scopes.iter().any(|known| known == scope)).collect();
        let fitting = (format!("fits-{at}"), format!("key that fits {at}"));
        let lacking = (format!("lacks-{at}"), format!("key that lacks {at}"));
        setup = with_key(setup, 2 * at, &fitting.0, &fitting.1, &scopes[0]);
        setup = with_key(setup, 2 * at + 1, &lacking.0, &lacking.1, &others.join(","));
    }
    let service = setup.start().await;
    for (at, (method, path, _)) in calls.into_iter().enumerate() {
        let what = format!("{method} {path}");
        let ask = async |key: Option<String>| {
            call_with(&service, key.as_deref(), method.clone(), &path, Some(json!({"no": "field"}))).await
        };
        let (none, lacking) = (ask(None).await, ask(Some(format!("key that lacks {at}"))).await);
        assert_eq!((none.status.as_u16(), none.problem()), (401, "key_invalid"), "{what}");
        assert_eq!((lacking.status.as_u16(), lacking.problem()), (403, "scope_missing"), "{what}");
        let fitting = ask(Some(format!("key that fits {at}"))).await;
        assert!(![401, 403].contains(&fitting.status.as_u16()), "{what}: {}", fitting.text);
    }
}

/// Returns the calls of a description: method, a path, and the scopes of which one is enough.
fn calls_of(described: &Value) -> Vec<(Method, String, Vec<String>)> {
    let mut calls = Vec::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        let path = path.replace(['{', '}'], "");
        for (method, operation) in methods.as_object().unwrap() {
            let scopes = operation["security"].as_array().unwrap();
            let scopes = scopes.iter().map(|any| any["key"][0].as_str().unwrap().to_owned()).collect();
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            calls.push((method, path.clone(), scopes));
        }
    }
    calls
}

#[tokio::test]
async fn a_wrong_key_stops_the_start_and_is_named() {
    let key = |name: &'static str, value: &str| (name, value.to_owned());
    let hash = sha256("key");
    for (settings, said) in [
        (
            vec![key("admin.keys.0.scopes", "accounts:raed")],
            "of key `orders`: `accounts:raed` is no scope; did you mean `accounts:read`?",
        ),
        (vec![key("admin.keys.0.sha256", "12")], "admin.keys[0].sha256: of key `orders`"),
        (
            vec![key("admin.keys.0.networks", "10.0.0.0/99")],
            "of key `orders`: `10.0.0.0/99` is not a network",
        ),
        (vec![key("admin.keys.0.key_file", "/nowhere")], "admin.keys[0].sha256: of key `orders`: only one"),
        (vec![key("admin.keys.0.scopes", "")], "admin.keys[0].scopes: of key `orders`: missing"),
        (vec![key("admin.keys.0.name", "Orders!")], "admin.keys[0].name: "),
        (vec![key("admin.keys.0.skopes", "x")], "admin.keys[0].skopes: unknown key; did you mean `scopes`?"),
        (
            vec![
                key("admin.keys.1.name", "orders"),
                key("admin.keys.1.sha256", &sha256("other")),
                key("admin.keys.1.scopes", "audit:read"),
            ],
            "admin.keys[1].name: another key has this name",
        ),
        (
            vec![
                key("admin.keys.1.name", "twin"),
                key("admin.keys.1.sha256", &hash),
                key("admin.keys.1.scopes", "audit:read"),
            ],
            "admin.keys[1]: `twin` is the same key",
        ),
    ] {
        let mut all = vec![
            key("server.key", &"5a".repeat(32)),
            key("admin.keys.0.name", "orders"),
            key("admin.keys.0.sha256", &hash),
            key("admin.keys.0.scopes", "sessions:read"),
        ];
        for (name, value) in settings {
            all.retain(|(known, _)| *known != name);
            all.push((name, value));
        }
        let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let output = saoma(&["serve"], &all).await;
        assert_eq!(output.code, Some(2), "{output:?}");
        assert!(output.stderr.contains(said), "{said}: {}", output.stderr);
        assert!(!output.stderr.contains(&hash), "{}", output.stderr);
    }
}

#[tokio::test]
async fn a_key_is_made_with_the_line_that_knows_it() {
    let made = saoma(&["key", "--admin"], &[]).await.succeeds().stdout;
    let (key, line) = made.trim().split_once('\n').unwrap();
    assert_eq!(line, format!("sha256 = \"{}\"", sha256(key)));
    let other = saoma(&["key", "--admin"], &[]).await.succeeds().stdout;
    assert!(key.len() >= 43 && !other.contains(key), "{key}");
    let service = with_key(Setup::default(), 0, "made", key, "sessions:read").start().await;
    assert_eq!(introspect(&service, Some(key), json!({"token": "x"})).await.status, 200);
}

#[tokio::test]
async fn a_key_may_stand_in_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "filed-key\n").unwrap();
    let setup = Setup::default()
        .set("admin.keys.0.name", "filed")
        .set("admin.keys.0.key_file", file.path().display())
        .set("admin.keys.0.scopes", "sessions:read");
    let service = setup.start().await;
    assert_eq!(introspect(&service, Some("filed-key"), json!({"token": "x"})).await.status, 200);
}

#[tokio::test]
async fn the_site_api_is_described_in_a_document_of_its_own() {
    let service = with_root(Setup::default()).start().await;
    let served = call_with(&service, None, Method::GET, "/v1/admin/openapi.json", None).await;
    let printed = saoma(&["openapi", "--admin"], &[]).await.succeeds().stdout;
    assert_eq!(served.json, serde_json::from_str::<Value>(&printed).unwrap());
    for (path, methods) in served.json["paths"].as_object().unwrap() {
        assert!(path.starts_with("/v1/admin/"), "{path}");
        for (method, operation) in methods.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path} is not described");
            assert!(operation["responses"]["default"].is_object(), "{method} {path} tells no errors");
            assert!(operation["security"][0]["key"][0].is_string(), "{method} {path} names no scope");
        }
    }
    let public = crate::contract::get(&service, "/openapi.json").await;
    assert!(!public.text.contains("/v1/admin"), "the public description has none of it");
}
