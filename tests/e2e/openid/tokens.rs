//! Refreshing, reading, ending tokens, and how long they live.

use reqwest::Method;
use serde_json::json;

use super::support::{
    APP, EVERY_SCOPE, NATIVE, OTHER, Rp, SECRET, claims, logged_in, oauth_error, post, setup, text, userinfo,
};
use crate::{
    harness::{Answer, Service},
    site_api::support::{call, with_root},
};

async fn introspect(service: &Service, rp: Rp, token: &str) -> Answer {
    rp.post(service, "/oauth2/introspect", &[("token", token)]).await
}

#[tokio::test]
async fn a_refresh_token_rotates_and_a_repetition_gets_the_same_answer() {
    let service = setup().set("oidc.clients.0.algorithm", "RS256").start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let first = APP.tokens(&service, &mut browser, "openid offline_access").await;
    let token = text(&first, "refresh_token");
    let second = APP.refresh(&service, &token).await;
    assert_eq!(second.status, 200, "{}", second.text);
    assert_ne!(text(&second, "refresh_token"), token);
    let again = APP.refresh(&service, &token).await;
    assert_eq!(again.json, second.json, "to the letter, as RS256 signs the same the same way");
    let id_token = claims(&text(&second, "id_token"));
    let original = claims(&text(&first, "id_token"));
    for claim in ["iss", "sub", "aud", "auth_time", "sid"] {
        assert_eq!(id_token[claim], original[claim], "{claim}");
    }
    assert!(id_token.get("nonce").is_none());
    assert_eq!(userinfo(&service, &text(&second, "access_token")).await.status, 200);
}

#[tokio::test]
async fn scopes_can_be_narrowed_and_not_widened() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let tokens = APP.tokens(&service, &mut browser, "openid phone offline_access").await;
    let token = text(&tokens, "refresh_token");
    let form = |scope| [("grant_type", "refresh_token"), ("refresh_token", token.as_str()), ("scope", scope)];
    let wide = APP.post(&service, "/oauth2/token", &form("openid wechat")).await;
    assert_eq!((wide.status.as_u16(), oauth_error(&wide)), (400, "invalid_scope"));
    let narrow = APP.post(&service, "/oauth2/token", &form("openid")).await;
    assert_eq!(text(&narrow, "scope"), "openid");
    let info = userinfo(&service, &text(&narrow, "access_token")).await;
    assert_eq!(info.json.as_object().unwrap().len(), 1, "{}", info.text);
}

#[tokio::test]
async fn the_end_of_the_session_ends_its_tokens() {
    let service = with_root(setup()).start().await;
    let person = service.person("anna");
    for how in ["log out", "log out everywhere", "disable"] {
        let mut browser = logged_in(&service, &person).await;
        let tokens = APP.tokens(&service, &mut browser, EVERY_SCOPE).await;
        let access = text(&tokens, "access_token");
        assert_eq!(userinfo(&service, &access).await.status, 200);
        let account = browser.session(&service).await.json["account"]["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/admin/accounts/{account}");
        let ended = match how {
            "log out" => browser.call(&service, Method::DELETE, "/v1/session", None).await,
            "log out everywhere" => browser.call(&service, Method::DELETE, "/v1/sessions", None).await,
            _ => call(&service, Method::PATCH, &path, Some(json!({"disabled": true, "reason": "x"}))).await,
        };
        assert!(ended.status.is_success(), "{how}: {}", ended.text);
        let refused = APP.refresh(&service, &text(&tokens, "refresh_token")).await;
        assert_eq!((refused.status.as_u16(), oauth_error(&refused)), (400, "invalid_grant"), "{how}");
        assert_eq!(userinfo(&service, &access).await.status, 401, "{how}");
        assert_eq!(introspect(&service, APP, &access).await.json, json!({"active": false}), "{how}");
    }
}

#[tokio::test]
async fn introspection_tells_a_client_of_its_own_tokens() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let tokens = APP.tokens(&service, &mut browser, "openid offline_access").await;
    let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
    let told = introspect(&service, APP, &access).await;
    assert_eq!((&told.json["active"], &told.json["client_id"]), (&json!(true), &json!("app")));
    assert_eq!(
        (&told.json["token_type"], &told.json["scope"]),
        (&json!("Bearer"), &json!("openid offline_access"))
    );
    assert_eq!(told.json["sub"], claims(&text(&tokens, "id_token"))["sub"]);
    let of_refresh = introspect(&service, APP, &refresh).await;
    assert_eq!(of_refresh.json["active"], true);
    assert!(of_refresh.json.get("token_type").is_none());
    for token in [access.as_str(), refresh.as_str(), "x", &"A".repeat(64)] {
        assert_eq!(introspect(&service, OTHER, token).await.json, json!({"active": false}));
    }
    let public = introspect(&service, NATIVE, &access).await;
    assert_eq!((public.status.as_u16(), oauth_error(&public)), (401, "invalid_client"));
}

#[tokio::test]
async fn a_client_ends_its_own_tokens() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    for which in ["access_token", "refresh_token"] {
        let tokens = APP.tokens(&service, &mut browser, "openid offline_access").await;
        let token = text(&tokens, which);
        let other = OTHER.post(&service, "/oauth2/revoke", &[("token", &token)]).await;
        assert_eq!((other.status.as_u16(), oauth_error(&other)), (400, "invalid_grant"), "another client's");
        assert_eq!(userinfo(&service, &text(&tokens, "access_token")).await.status, 200);
        for _ in 0..2 {
            let ended = APP.post(&service, "/oauth2/revoke", &[("token", &token)]).await;
            assert_eq!(ended.status, 200, "{}", ended.text);
        }
        assert_eq!(userinfo(&service, &text(&tokens, "access_token")).await.status, 401);
        assert_eq!(APP.refresh(&service, &text(&tokens, "refresh_token")).await.status, 400);
    }
    let unknown = APP.post(&service, "/oauth2/revoke", &[("token", "x")]).await;
    assert_eq!(unknown.status, 200);
    assert_eq!(browser.session(&service).await.status, 200, "the session goes on");
}

#[tokio::test]
async fn a_client_shows_its_secret_in_one_way() {
    let service = setup().start().await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", "x")];
    let encoded = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect::<String>();
    let basic = |secret: &str| {
        use base64::{Engine, engine::general_purpose::STANDARD};
        format!("Basic {}", STANDARD.encode(format!("app:{secret}")))
    };
    for right in [basic(&encoded), basic(SECRET)] {
        let answer = post(&service, "/oauth2/token", &form, &[("Authorization", &right)]).await;
        assert_eq!(oauth_error(&answer), "invalid_grant", "it is the client");
    }
    let wrong = post(&service, "/oauth2/token", &form, &[("Authorization", &basic("x"))]).await;
    assert_eq!((wrong.status.as_u16(), oauth_error(&wrong)), (401, "invalid_client"));
    assert!(wrong.headers["www-authenticate"].to_str().unwrap().starts_with("Basic "));
    let mut both = form.to_vec();
    both.extend([("client_id", "app"), ("client_secret", SECRET)]);
    let twice = post(&service, "/oauth2/token", &both, &[("Authorization", &basic(&encoded))]).await;
    assert_eq!((twice.status.as_u16(), oauth_error(&twice)), (400, "invalid_request"));
    for without in [
        vec![],
        vec![("client_id", "app")],
        vec![("client_id", "nobody")],
        vec![("client_id", "native"), ("client_secret", "x")],
    ] {
        let all: Vec<_> = form.iter().copied().chain(without.clone()).collect();
        let answer = post(&service, "/oauth2/token", &all, &[]).await;
        assert_eq!((answer.status.as_u16(), oauth_error(&answer)), (401, "invalid_client"), "{without:?}");
    }
}

#[tokio::test]
async fn the_token_endpoint_says_what_is_wrong_as_rfc_6749_does() {
    let service = setup().start().await;
    for (form, error) in [
        (&[][..], "invalid_request"),
        (&[("grant_type", "password")], "unsupported_grant_type"),
        (&[("grant_type", "client_credentials")], "unsupported_grant_type"),
        (&[("grant_type", "authorization_code")], "invalid_request"),
        (&[("grant_type", "authorization_code"), ("code", "x")], "invalid_grant"),
        (
            &[("grant_type", "authorization_code"), ("code", "x"), ("code_verifier", "short")],
            "invalid_request",
        ),
        (&[("grant_type", "refresh_token")], "invalid_request"),
        (
            &[("grant_type", "refresh_token"), ("refresh_token", "x"), ("refresh_token", "x")],
            "invalid_request",
        ),
    ] {
        let answer = APP.post(&service, "/oauth2/token", form).await;
        assert_eq!((answer.status.as_u16(), oauth_error(&answer)), (400, error), "{form:?}");
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
    let get = super::support::get(&service, "/oauth2/token").await;
    assert_eq!((get.status.as_u16(), oauth_error(&get)), (405, "invalid_request"));
    let large = "x".repeat(70_000);
    let answer = APP.post(&service, "/oauth2/token", &[("code", large.as_str())]).await;
    assert_eq!((answer.status.as_u16(), oauth_error(&answer)), (413, "invalid_request"));
}

#[tokio::test]
async fn userinfo_wants_a_good_token_shown_once() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let tokens = APP.tokens(&service, &mut browser, "openid").await;
    let access = text(&tokens, "access_token");
    let form = [("access_token", access.as_str())];
    assert_eq!(post(&service, "/oauth2/userinfo", &form, &[]).await.status, 200);
    let twice =
        post(&service, "/oauth2/userinfo", &form, &[("Authorization", &format!("Bearer {access}"))]).await;
    assert_eq!((twice.status.as_u16(), oauth_error(&twice)), (400, "invalid_request"));
    let without = super::support::get(&service, "/oauth2/userinfo").await;
    assert_eq!(without.status, 401);
    assert_eq!(without.headers["www-authenticate"], "Bearer realm=\"saoma\"");
    let session = browser.cookie("saoma_session").unwrap().to_owned();
    for wrong in [text(&tokens, "id_token"), session, "x".to_owned()] {
        let answer = userinfo(&service, &wrong).await;
        assert_eq!((answer.status.as_u16(), oauth_error(&answer)), (401, "invalid_token"));
        assert!(answer.headers["www-authenticate"].to_str().unwrap().contains("error=\"invalid_token\""));
    }
}
