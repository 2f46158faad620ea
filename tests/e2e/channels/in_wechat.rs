//! Pages inside WeChat.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Browser, Setup, bind_in_browser, come_back, login_to_go_on_with, parameter, register};

#[tokio::test]
async fn who_follows_the_account_is_the_same_person_inside_wechat() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    let account = device.session(&service, &token).await.json["account"]["id"].clone();

    let mut browser = Browser::new();
    let page = browser.authorize(&service, "channel=in_wechat&return_to=/a").await;
    assert!(page.starts_with(&format!("{}/connect/oauth2/authorize?", service.sandbox.base_url())), "{page}");
    assert_eq!(parameter(&page, "scope").unwrap(), "snsapi_base", "the person is asked for nothing");
    assert!(page.ends_with("#wechat_redirect"), "{page}");
    let back = browser.visit(&service, ming.allow(&page).unwrap().as_str()).await;
    assert_eq!(back.location(), "/a");
    let session = browser.session(&service).await.json;
    assert_eq!(session["account"]["id"], account, "the same app and openid");
    assert_eq!(session["account"]["identities"].as_array().unwrap().len(), 1);
    assert_eq!(ming.sms().len(), 1);
}

#[tokio::test]
async fn somebody_new_is_asked_for_the_phone() {
    let service = Setup::every_channel().start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let id = login_to_go_on_with(&come_back(&service, &mut browser, &ming, "channel=in_wechat").await);
    bind_in_browser(&service, &mut browser, &id, &ming).await;
    let identity = browser.session(&service).await.json["account"]["identities"][0].clone();
    assert_eq!(identity["app"], "main");
    assert_eq!(identity["nickname"], json!(null), "`snsapi_base` tells no name");
}

#[tokio::test]
async fn where_the_app_asks_for_it_wechat_tells_name_and_picture() {
    let service = Setup::every_channel().set("wechat.apps.0.oauth_scope", "snsapi_userinfo").start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let body = json!({"channel": "in_wechat"});
    let started = browser.call(&service, Method::POST, "/v1/logins", Some(body)).await.json;
    assert_eq!(started["wx_login"]["scope"], "snsapi_userinfo");
    let back = ming.allow(started["authorize_url"].as_str().unwrap()).unwrap();
    let id = login_to_go_on_with(&browser.visit(&service, back.as_str()).await);
    bind_in_browser(&service, &mut browser, &id, &ming).await;
    let identity = browser.session(&service).await.json["account"]["identities"][0].clone();
    assert_eq!(identity["nickname"], "ming");
    assert!(identity["avatar_url"].as_str().is_some_and(|url| url.starts_with("http")), "{identity}");
}

#[tokio::test]
async fn the_user_of_a_snapshot_is_nobody_and_is_told_what_to_tap() {
    let service = Setup::every_channel().set("wechat.apps.0.oauth_scope", "snsapi_userinfo").start().await;
    let ming = service.person("ming");
    let mut browser = Browser::new();
    let page = browser.authorize(&service, "channel=in_wechat").await;
    let back = ming.allow_as_snapshot(&page).unwrap();
    assert_eq!(browser.visit(&service, back.as_str()).await.location(), "/login?error=snapshot");
    assert_eq!(browser.session(&service).await.problem(), "session_invalid");

    let page = browser.authorize(&service, "channel=in_wechat").await;
    let back = ming.allow_as_snapshot(&page).unwrap();
    let path = format!("{}?{}", back.path(), back.query().unwrap());
    let told = browser.call(&service, Method::GET, &path, None).await;
    assert_eq!((told.status.as_u16(), told.problem()), (422, "wechat_code_invalid"));
    assert!(told.json["detail"].as_str().unwrap().contains("使用完整服务"), "{}", told.text);

    let id = login_to_go_on_with(&come_back(&service, &mut browser, &ming, "channel=in_wechat").await);
    bind_in_browser(&service, &mut browser, &id, &ming).await;
}
