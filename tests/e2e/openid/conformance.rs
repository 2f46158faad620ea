//! What the certification plans of the OpenID Foundation ask for and no other test here shows; `docs/OPENID_CONFORMANCE.md` says
//! which test stands for which of their cases.

use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::support::{
    APP, EVERY_SCOPE, claims, code_in, error_in, get, header, logged_in, setup, text, userinfo,
};
use crate::harness::PUBLIC_URL;

const TABLE: &str = include_str!("../../../docs/OPENID_CONFORMANCE.md");

/// The tests of this folder, and of the rules.
const SOURCES: [&str; 9] = [
    include_str!("attacks.rs"),
    include_str!("authorize.rs"),
    include_str!("config.rs"),
    include_str!("conformance.rs"),
    include_str!("flow.rs"),
    include_str!("foreign/programs.rs"),
    include_str!("logout.rs"),
    include_str!("tokens.rs"),
    include_str!("../../../crates/domain/src/model/oidc/request/tests.rs"),
];

#[test]
fn every_test_that_the_table_names_is_there() {
    let rows: Vec<&str> = TABLE.lines().filter(|line| line.starts_with("| `oidcc-")).collect();
    assert_eq!(rows.len(), 52, "38 cases of the basic plan, one of the config plan, 13 of logouts");
    for row in rows {
        let tests = row.split('|').nth(3).unwrap();
        let names = tests.split('`').skip(1).step_by(2);
        let mut found = 0;
        for name in names {
            let function = format!("fn {name}(");
            assert!(SOURCES.iter().any(|source| source.contains(&function)), "{row}");
            found += 1;
        }
        assert!(found > 0, "{row}");
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap()
}

/// Checks a token's signature by the key that its header names.
fn is_signed(token: &str, keys: &Value) -> bool {
    let kid = header(token)["kid"].clone();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let key =
        keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == kid).expect("the key is published");
    assert_eq!(key["alg"], header(token)["alg"]);
    match key["kty"].as_str().unwrap() {
        "RSA" => RsaPublicKeyComponents { n: bytes(&key["n"]), e: bytes(&key["e"]) }
            .verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature)
            .is_ok(),
        "EC" => {
            let point = [vec![4], bytes(&key["x"]), bytes(&key["y"])].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                .verify(signed.as_bytes(), &signature)
                .is_ok()
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn id_tokens_are_signed_by_a_key_that_is_published() {
    let service = setup().set("oidc.clients.0.algorithm", "RS256").start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    for (rp, algorithm) in [(APP, "RS256"), (super::support::OTHER, "ES256")] {
        let token = text(&rp.tokens(&service, &mut browser, "openid").await, "id_token");
        let keys = get(&service, "/oauth2/jwks").await.json;
        assert_eq!(header(&token)["alg"], algorithm);
        assert!(is_signed(&token, &keys), "{token}");
        let payload = token.split('.').nth(1).unwrap();
        let changed = token.replace(payload, &URL_SAFE_NO_PAD.encode(r#"{"sub":"another"}"#));
        assert!(!is_signed(&changed, &keys));
    }
    let keys = get(&service, "/oauth2/jwks").await.json;
    for key in keys["keys"].as_array().unwrap() {
        assert_eq!(key["use"], "sig");
        assert!(key.get("d").is_none() && key.get("p").is_none(), "private parts");
    }
}

#[tokio::test]
async fn what_a_request_says_besides_changes_nothing() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let claims_wish = r#"{"userinfo":{"name":{"essential":true}}}"#;
    for with in [
        [("display", "page")],
        [("display", "popup")],
        [("login_hint", "anna@example.test")],
        [("ui_locales", "se")],
        [("claims_locales", "se")],
        [("acr_values", "1 2")],
        [("claims", claims_wish)],
        [("extra", "foobar")],
        [("nonce", "")],
        [("state", "")],
        [("max_age", "10000")],
    ] {
        let answer = browser.visit(&service, &APP.address("openid", &with)).await;
        assert_eq!(APP.redeem(&service, &code_in(&answer)).await.status, 200, "{with:?}");
    }
}

#[tokio::test]
async fn an_id_token_says_one_of_the_ways_that_discovery_names() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let described = get(&service, "/.well-known/openid-configuration").await.json;
    let named: Vec<&str> =
        described["acr_values_supported"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let asked = named.join(" ");
    let answer = browser.visit(&service, &APP.address("openid", &[("acr_values", &asked)])).await;
    let tokens = APP.redeem(&service, &code_in(&answer)).await;
    let claims = claims(&text(&tokens, "id_token"));
    assert!(named.contains(&claims["acr"].as_str().unwrap()), "{claims}");
}

#[tokio::test]
async fn a_request_without_a_nonce_gets_an_id_token_without_one() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let answer = browser.visit(&service, &APP.address("openid", &[("nonce", "")])).await;
    let tokens = APP.redeem(&service, &code_in(&answer)).await;
    assert!(claims(&text(&tokens, "id_token")).get("nonce").is_none());
}

#[tokio::test]
async fn scopes_come_in_any_order_and_unknown_ones_ask_for_nothing() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    for (scope, granted) in [
        ("phone openid", "openid phone"),
        ("openid email", "openid"),
        ("openid address", "openid"),
        ("openid profile email address phone", "openid profile phone"),
    ] {
        let tokens = APP.tokens(&service, &mut browser, scope).await;
        assert_eq!(text(&tokens, "scope"), granted);
        let info = userinfo(&service, &text(&tokens, "access_token")).await;
        assert_eq!(info.headers["content-type"], "application/json");
        assert_eq!(info.json.get("phone_number").is_some(), granted.contains("phone"), "{scope}");
    }
    assert_eq!(text(&APP.tokens(&service, &mut browser, EVERY_SCOPE).await, "scope"), EVERY_SCOPE);
}

#[tokio::test]
async fn a_missing_response_type_is_told_to_the_client() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let answer = browser.visit(&service, &APP.address("openid", &[("response_type", "")])).await;
    assert_eq!(error_in(&answer), "invalid_request");
}

#[tokio::test]
async fn what_is_described_is_whole_and_of_one_issuer() {
    let service = setup().start().await;
    let described = get(&service, "/.well-known/openid-configuration").await.json;
    for name in [
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "end_session_endpoint",
        "revocation_endpoint",
        "introspection_endpoint",
    ] {
        assert!(described[name].as_str().unwrap().starts_with(PUBLIC_URL), "{name}");
    }
    for (name, has) in [
        ("scopes_supported", "openid"),
        ("response_types_supported", "code"),
        ("subject_types_supported", "public"),
        ("id_token_signing_alg_values_supported", "RS256"),
        ("claims_supported", "sub"),
        ("grant_types_supported", "refresh_token"),
        ("token_endpoint_auth_methods_supported", "client_secret_basic"),
        ("code_challenge_methods_supported", "S256"),
    ] {
        assert!(described[name].as_array().unwrap().iter().any(|value| value == has), "{name}");
    }
    for name in
        ["claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported"]
    {
        assert_eq!(described[name], false, "{name}");
    }
}
