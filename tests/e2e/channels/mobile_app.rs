//! Mobile applications: the code of WeChat's SDK leads to a login at once.

use saoma_sandbox::{Api, Fault};
use serde_json::json;

use crate::harness::{Device, Setup, code_for, open_app, register_by_website};

#[tokio::test]
async fn somebody_new_binds_a_number_and_is_logged_in_by_the_code_alone_the_next_time() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let answer = open_app(&service, &ming).await;
    assert_eq!((answer.status.as_u16(), answer.says()), (201, "unregistered"), "{}", answer.text);
    assert_eq!((answer.json["channel"].as_str(), answer.json["app"].as_str()), (Some("app"), Some("mobile")));
    assert!((590..=600).contains(&answer.json["expires_in"].as_u64().unwrap()), "{}", answer.text);
    for absent in ["session", "qr", "authorize_url", "wx_login", "openid", "unionid"] {
        assert!(answer.json.get(absent).is_none(), "{absent}: {}", answer.text);
    }
    let device = Device::started(&answer);
    let code = code_for(&service, &device, &ming).await;
    let bound = device.bind(&service, ming.phone(), &code).await;
    assert_eq!(bound.says(), "registered", "{}", bound.text);

    let known = open_app(&service, &ming).await;
    assert_eq!((known.status.as_u16(), known.says()), (201, "registered"), "{}", known.text);
    assert_eq!(known.json["account"]["id"], bound.json["account"]["id"]);
    let session = device.session(&service, known.token()).await.json;
    let identity = &session["account"]["identities"][0];
    assert_eq!((&identity["app"], &identity["channel"]), (&json!("mobile"), &json!("app")));
    assert_eq!(identity["nickname"], "ming", "the scope covers the profile");
    assert_eq!(session["amr"], json!(["wechat_app"]));
}

#[tokio::test]
async fn who_came_by_the_website_is_known_to_the_application_of_the_same_open_account() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let mut browser = register_by_website(&service, &ming).await;
    let account = browser.session(&service).await.json["account"]["id"].clone();
    let answer = open_app(&service, &ming).await;
    assert_eq!((answer.says(), &answer.json["account"]["id"]), ("registered", &account), "{}", answer.text);
}

#[tokio::test]
async fn an_application_is_told_what_is_wrong_with_its_code() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    for code in ["", "a b", &"x".repeat(600), "nobody-made-it"] {
        let answer = Device::ask(&service, json!({"channel": "app", "code": code})).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (422, "wechat_code_invalid"), "{code:?}");
    }
    assert_eq!(service.sandbox.calls(Api::SnsAccessToken), 1, "only for what may be a code");
    assert_eq!(Device::ask(&service, json!({"channel": "app"})).await.problem(), "body_invalid");
    for other in ["main", "site", "mini", "nobody"] {
        let body = json!({"channel": "app", "app": other, "code": "x"});
        assert_eq!(Device::ask(&service, body).await.problem(), "app_unknown", "{other}");
    }
    let foreign = json!({"channel": "app", "code": ming.wx_login("mini").unwrap()});
    assert_eq!(Device::ask(&service, foreign).await.problem(), "wechat_code_invalid", "of a mini program");

    let body = json!({"channel": "app", "code": ming.sdk_login("mobile").unwrap()});
    service.sandbox.fail(Api::SnsAccessToken, &Fault::Close, 1);
    assert_eq!(Device::ask(&service, body.clone()).await.problem(), "wechat_unavailable");
    assert_eq!(Device::ask(&service, body).await.problem(), "wechat_code_invalid", "it is not tried again");
    service.sandbox.fail(Api::SnsUserinfo, &Fault::Errcode { errcode: 48001 }, 1);
    assert_eq!(open_app(&service, &ming).await.says(), "unregistered", "a name stops no person");
    service.sandbox.fail(Api::SnsAccessToken, &Fault::Errcode { errcode: 40125 }, 1);
    let refused = open_app(&service, &ming).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (502, "wechat_refused"), "{}", refused.text);
}
