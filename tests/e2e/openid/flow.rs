//! The flow from end to end: a person logs in at another system by scanning.

use reqwest::StatusCode;
use serde_json::json;

use super::support::{
    APP, CALLBACK, EVERY_SCOPE, NATIVE, OTHER, agree, claims, code_in, decide, error_in, get, header,
    logged_in, scan_in, sent_to, setup, text, userinfo,
};
use crate::harness::{Browser, PUBLIC_URL, parameter};

#[tokio::test]
async fn a_person_logs_in_at_another_system_by_a_scan() {
    let service = setup().start().await;
    let person = service.person("anna");
    let mut browser = Browser::new();
    let address = APP.address(EVERY_SCOPE, &[]);
    let sent = browser.visit(&service, &address).await;
    let return_to = parameter(sent.location(), "return_to").unwrap();
    assert!(sent.location().starts_with("/login?"), "{}", sent.location());
    assert!(return_to.starts_with("/oauth2/authorize?client_id=app"), "{return_to}");
    scan_in(&service, &mut browser, &person).await;

    let back = browser.visit(&service, &return_to).await;
    assert!(sent_to(&back).starts_with(&format!("{CALLBACK}&code=")), "{}", sent_to(&back));
    assert_eq!(parameter(sent_to(&back), "state").as_deref(), Some("s-1"));
    assert_eq!(parameter(sent_to(&back), "iss").as_deref(), Some(PUBLIC_URL), "RFC 9207");
    assert_eq!(back.headers["cache-control"], "no-store");
    let tokens = APP.redeem(&service, &code_in(&back)).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.text);
    assert_eq!(
        (&tokens.headers["cache-control"], &tokens.headers["pragma"]),
        (&"no-store".parse().unwrap(), &"no-cache".parse().unwrap())
    );
    assert_eq!((&tokens.json["token_type"], &tokens.json["expires_in"]), (&json!("Bearer"), &json!(600)));
    assert_eq!(text(&tokens, "scope"), EVERY_SCOPE);

    let session = browser.session(&service).await.json;
    let id_token = claims(&text(&tokens, "id_token"));
    assert_eq!((&id_token["iss"], &id_token["aud"]), (&json!(PUBLIC_URL), &json!("app")));
    assert_eq!((&id_token["sub"], &id_token["nonce"]), (&session["account"]["id"], &json!("n-1")));
    assert_eq!(id_token["amr"], json!(["wechat_qr", "sms"]));
    let [issued, expires, logged_in] =
        ["iat", "exp", "auth_time"].map(|name| id_token[name].as_i64().unwrap());
    assert!(issued < expires && logged_in <= issued && issued - logged_in < 60);

    let info = userinfo(&service, &text(&tokens, "access_token")).await;
    assert_eq!(info.json["sub"], id_token["sub"]);
    assert_eq!(info.json["phone_number"], person.phone());
    assert_eq!(info.json["phone_number_verified"], true);
    assert_eq!(info.json["wechat"]["identities"][0]["app"], "main");
    assert!(info.json["wechat"]["identities"][0]["openid"].as_str().unwrap().starts_with('o'));
}

#[tokio::test]
async fn what_a_client_learns_goes_by_its_scopes() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    for (scope, has) in
        [("openid", &["sub"][..]), ("openid phone email", &["sub", "phone_number", "phone_number_verified"])]
    {
        let tokens = APP.tokens(&service, &mut browser, scope).await;
        assert!(tokens.json.get("refresh_token").is_none(), "only with offline_access");
        let info = userinfo(&service, &text(&tokens, "access_token")).await;
        let names: Vec<&String> = info.json.as_object().unwrap().keys().collect();
        assert_eq!(names.len(), has.len(), "{names:?}");
        assert!(has.iter().all(|name| info.json.get(*name).is_some()), "{names:?}");
    }
}

#[tokio::test]
async fn a_foreign_client_is_agreed_to_once() {
    let service = setup().set("oidc.clients.2.name", "<b>Other</b>").start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let address = OTHER.address("openid phone", &[]);
    let page = browser.visit(&service, &address).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("&lt;b&gt;Other&lt;/b&gt;") && !page.text.contains("<b>"), "{}", page.text);
    assert!(page.text.contains(OTHER.callback), "where the code goes: {}", page.text);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
    let none = browser.visit(&service, &OTHER.address("openid phone", &[("prompt", "none")])).await;
    assert_eq!(error_in(&none), "consent_required");

    let refused = decide(&service, &browser, &page, "refuse").await;
    assert_eq!(error_in(&refused), "access_denied");
    let agreed = agree(&service, &browser, &page).await;
    assert!(sent_to(&agreed).starts_with("https://other.example.test/cb?code="), "{}", sent_to(&agreed));
    let tokens = OTHER.redeem(&service, &code_in(&agreed)).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.text);

    let again = browser.visit(&service, &address).await;
    assert!(!code_in(&again).is_empty(), "it is not asked again");
    let more = browser.visit(&service, &OTHER.address("openid phone wechat", &[])).await;
    assert_eq!(more.status, StatusCode::OK, "more is asked for");
    let wished = browser.visit(&service, &OTHER.address("openid", &[("prompt", "consent")])).await;
    assert_eq!(wished.status, StatusCode::OK, "the client wants it asked");
    let other = browser.visit(&service, &NATIVE.address("openid", &[])).await;
    assert_eq!(other.status, StatusCode::OK, "another client");
}

#[tokio::test]
async fn a_program_that_any_other_one_could_pass_for_is_agreed_to_each_time() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let address = NATIVE.address("openid phone", &[]);
    for _ in 0..2 {
        let page = browser.visit(&service, &address).await;
        let agreed = agree(&service, &browser, &page).await;
        assert!(sent_to(&agreed).starts_with("com.example.native:/callback?code="), "{}", sent_to(&agreed));
        assert_eq!(NATIVE.redeem(&service, &code_in(&agreed)).await.status, StatusCode::OK);
    }
    let none = browser.visit(&service, &NATIVE.address("openid phone", &[("prompt", "none")])).await;
    assert_eq!(error_in(&none), "consent_required");
}

#[tokio::test]
async fn the_provider_describes_itself() {
    let service = setup().start().await;
    let described = get(&service, "/.well-known/openid-configuration").await;
    assert_eq!(described.headers["content-type"], "application/json");
    let json = &described.json;
    assert_eq!(json["issuer"], PUBLIC_URL);
    for (name, path) in [
        ("authorization_endpoint", "/oauth2/authorize"),
        ("token_endpoint", "/oauth2/token"),
        ("userinfo_endpoint", "/oauth2/userinfo"),
        ("jwks_uri", "/oauth2/jwks"),
        ("revocation_endpoint", "/oauth2/revoke"),
        ("introspection_endpoint", "/oauth2/introspect"),
        ("end_session_endpoint", "/oauth2/logout"),
    ] {
        assert_eq!(json[name], format!("{PUBLIC_URL}{path}"), "{name}");
    }
    assert_eq!(json["response_types_supported"], json!(["code"]));
    assert_eq!(json["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(json["id_token_signing_alg_values_supported"][0], "RS256");
    assert_eq!(json["authorization_response_iss_parameter_supported"], true);
    assert_eq!(json["request_uri_parameter_supported"], false, "its default would be true");
    assert_eq!(json["backchannel_logout_supported"], true);
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let tokens = APP.tokens(&service, &mut browser, "openid").await;
    let keys = get(&service, "/oauth2/jwks").await;
    let head = header(&text(&tokens, "id_token"));
    assert_eq!(head["alg"], "ES256", "as the client wishes");
    assert!(keys.json["keys"].as_array().unwrap().iter().any(|key| key["kid"] == head["kid"]));
}
