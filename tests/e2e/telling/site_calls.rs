//! `/v1/admin/webhooks` and `/v1/admin/wechat/…`: what the site's own back end sees and asks.

use reqwest::Method;
use saoma_sandbox::Api;
use serde_json::json;

use super::{Receiver, Script, taken, with_webhooks};
use crate::{
    harness::{Setup, eventually, register},
    site_api::support::{call, call_with, with_key, with_root},
};

#[tokio::test]
async fn what_was_not_delivered_is_listed_and_retried_by_hand() {
    let receiver = Receiver::start();
    receiver.always(Some(Script::Fail(410)));
    let service = with_root(with_webhooks(&[&receiver])).start().await;
    register(&service, &service.person("ming")).await;
    let list = || call(&service, Method::GET, "/v1/admin/webhooks", None);
    let failed = eventually("one has failed", async || {
        let listed = list().await;
        (listed.json["items"][0]["state"] == "failed").then_some(listed)
    })
    .await;
    let items = failed.json["items"].as_array().unwrap();
    assert_eq!(
        items.iter().map(|item| item["state"].as_str().unwrap()).collect::<Vec<_>>(),
        ["failed", "waiting", "waiting"]
    );
    assert_eq!((&items[0]["type"], &items[0]["tries"]), (&json!("account.created"), &json!(1)));
    assert!(items[0]["last_error"].as_str().unwrap().ends_with("answered 410"));
    assert!(!failed.text.contains("5ecret"), "{}", failed.text);

    let page = call(&service, Method::GET, "/v1/admin/webhooks?limit=2", None).await;
    assert_eq!(page.json["items"].as_array().unwrap().len(), 2);
    let rest = format!("/v1/admin/webhooks?after={}", page.json["next"].as_str().unwrap());
    assert_eq!(call(&service, Method::GET, &rest, None).await.json["items"].as_array().unwrap().len(), 1);

    receiver.always(None);
    let path = format!("/v1/admin/webhooks/{}/retry", items[0]["id"].as_str().unwrap());
    assert_eq!(call(&service, Method::POST, &path, None).await.status, 202);
    taken(&receiver, 3).await;
    assert_eq!(receiver.kinds(), ["account.created", "identity.linked", "session.created"]);
    eventually("nothing is left", async || (list().await.json["items"] == json!([])).then_some(())).await;
    assert_eq!(call(&service, Method::POST, &path, None).await.problem(), "not_found");
    for wrong in ["/v1/admin/webhooks?after=x", "/v1/admin/webhooks?limit=0", "/v1/admin/webhooks?aftr=1"] {
        assert_eq!(call(&service, Method::GET, wrong, None).await.problem(), "body_invalid", "{wrong}");
    }
}

#[tokio::test]
async fn each_call_needs_its_scope() {
    let service = with_key(Setup::default(), 0, "audit", "audit-key", "audit:read").start().await;
    for (method, path) in [
        (Method::GET, "/v1/admin/webhooks"),
        (Method::POST, "/v1/admin/webhooks/1/retry"),
        (Method::POST, "/v1/admin/wechat/main/access-token"),
        (Method::POST, "/v1/admin/wechat/main/js-config"),
        (Method::GET, "/v1/admin/wechat/main/users/oAnna"),
        (Method::POST, "/v1/admin/wechat/main/qrcodes"),
    ] {
        let refused = call_with(&service, Some("audit-key"), method.clone(), path, None).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (403, "scope_missing"), "{path}");
        let unknown = call_with(&service, None, method, path, None).await;
        assert_eq!(unknown.status, 401, "{path}");
    }
}

#[tokio::test]
async fn a_back_end_has_the_token_that_the_service_uses_and_may_force_another_one_rarely() {
    let service = with_root(Setup::default()).start().await;
    let path = "/v1/admin/wechat/main/access-token";
    let first = call(&service, Method::POST, path, None).await;
    assert_eq!(first.status, 200, "{}", first.text);
    let expires_in = first.json["expires_in"].as_u64().unwrap();
    assert!((1..=7200).contains(&expires_in));
    let again = call(&service, Method::POST, path, Some(json!({}))).await;
    assert_eq!(again.json["access_token"], first.json["access_token"]);
    let forced = call(&service, Method::POST, path, Some(json!({"force": true}))).await;
    assert_ne!(forced.json["access_token"], first.json["access_token"], "{}", forced.text);
    let refused = call(&service, Method::POST, path, Some(json!({"force": true}))).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (429, "rate_limited"));
    assert!((1..=30).contains(&refused.retry_after()));
    let after = call(&service, Method::POST, path, None).await;
    assert_eq!(
        after.json["access_token"], forced.json["access_token"],
        "the service uses the new one itself"
    );
    assert!(!service.log().contains(after.json["access_token"].as_str().unwrap()));
    for (app, code) in [("nowhere", "app_unknown"), ("No%20App", "app_unknown")] {
        let path = format!("/v1/admin/wechat/{app}/access-token");
        let unknown = call(&service, Method::POST, &path, None).await;
        assert_eq!((unknown.status.as_u16(), unknown.problem()), (422, code));
    }
    let wrong = call(&service, Method::POST, path, Some(json!({"forced": true}))).await;
    assert_eq!(wrong.problem(), "body_invalid");
}

#[tokio::test]
async fn a_page_is_signed_for_the_js_sdk_with_one_ticket() {
    let service = with_root(Setup::default()).start().await;
    let path = "/v1/admin/wechat/main/js-config";
    let asked = |url: &str| call(&service, Method::POST, path, Some(json!({ "url": url })));
    let config = asked("https://shop.example/pay?a=1#top").await;
    assert_eq!(config.status, 200, "{}", config.text);
    for field in ["appId", "nonceStr", "signature"] {
        assert!(config.json[field].is_string(), "{field}: {}", config.text);
    }
    assert_eq!(config.json["signature"].as_str().unwrap().len(), 40);
    asked("https://shop.example/other").await;
    assert_eq!(service.sandbox.calls(Api::Getticket), 1);
    assert_eq!(asked("shop.example").await.problem(), "body_invalid");
}

#[tokio::test]
async fn what_wechat_says_of_a_follower_is_passed_on_as_it_is() {
    let service = with_root(Setup::default()).start().await;
    let ming = service.person("ming");
    register(&service, &ming).await;
    let openid = ming.openid("main").unwrap();
    let user = call(&service, Method::GET, &format!("/v1/admin/wechat/main/users/{openid}"), None).await;
    assert_eq!((user.status.as_u16(), &user.json["openid"]), (200, &json!(openid)), "{}", user.text);
    assert_eq!(user.json["subscribe_scene"], "ADD_SCENE_QR_CODE");
    let unknown = call(&service, Method::GET, "/v1/admin/wechat/main/users/oNobody", None).await;
    assert!(unknown.status.is_client_error() || unknown.status.as_u16() == 502, "{}", unknown.text);
}

#[tokio::test]
async fn a_code_of_the_site_leads_to_its_own_system_with_the_account() {
    let receiver = Receiver::start();
    let setup = with_root(with_webhooks(&[&receiver]))
        .set("webhooks.0.events", "wechat.event")
        .set("webhooks.0.data_fields", "openid");
    let service = setup.start().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    let path = "/v1/admin/wechat/main/qrcodes";
    let made = call(&service, Method::POST, path, Some(json!({"scene": "door-7", "expires_in": 600}))).await;
    assert_eq!((made.status.as_u16(), &made.json["expires_in"]), (201, &json!(600)), "{}", made.text);
    assert!(made.json["svg"].as_str().unwrap().starts_with("<svg"), "{}", made.text);
    ming.scan(made.json["content"].as_str().unwrap()).await.unwrap();
    ming.send_text("main", "secret words").await.unwrap();
    let heard = taken(&receiver, 2).await;
    let account = device.session(&service, &token).await.json["account"]["id"].clone();
    assert_eq!(heard[0].body["data"]["account"]["id"], account);
    assert_eq!(heard[0].body["data"]["event"]["scene"], "door-7");
    assert_eq!(heard[0].body["data"]["event"]["openid"], json!(ming.openid("main").unwrap()));
    assert_eq!(heard[1].body["data"]["event"]["kind"], "text");
    assert!(!heard[1].body.to_string().contains("secret words"), "text is told where it is asked for");
    for wrong in [
        json!({"scene": ""}),
        json!({"scene": "login:web:x"}),
        json!({"scene": "门"}),
        json!({"scene": "x", "expires_in": 1}),
        json!({"scene": "x", "expires": 600}),
    ] {
        let refused = call(&service, Method::POST, path, Some(wrong.clone())).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (422, "body_invalid"), "{wrong}");
    }
}
