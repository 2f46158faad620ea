//! What the configuration says of clients, and what is wrong with it.

use super::support::{APP, get, setup};
use crate::harness::{Browser, Setup};

#[tokio::test]
async fn without_clients_there_is_no_provider() {
    let service = Setup::default().start().await;
    for path in ["/.well-known/openid-configuration", "/oauth2/authorize", "/oauth2/token"] {
        assert_eq!(get(&service, path).await.status, 404, "{path}");
    }
    assert_eq!(get(&service, "/oauth2/jwks").await.status, 200, "the keys of other tokens");
}

#[tokio::test]
async fn a_client_gets_no_more_than_its_scopes() {
    let service = setup().set("oidc.clients.0.scopes", "openid").start().await;
    let mut browser = super::support::logged_in(&service, &service.person("anna")).await;
    let tokens = APP.tokens(&service, &mut browser, "openid phone offline_access").await;
    assert_eq!(tokens.json["scope"], "openid");
    assert!(tokens.json.get("refresh_token").is_none());
}

#[tokio::test]
async fn the_pages_speak_the_language_of_the_browser() {
    let service = setup().start().await;
    let page = Browser::new().visit(&service, "/oauth2/authorize?client_id=nobody").await;
    assert_eq!(page.status, 400);
    assert!(page.text.contains("client_id") && page.text.contains("lang=zh-CN"), "{}", page.text);
    assert!(page.headers["content-security-policy"].to_str().unwrap().contains("style-src 'sha256-"));
}
