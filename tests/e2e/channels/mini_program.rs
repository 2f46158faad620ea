//! Mini programs: a code leads to a login at once.

use reqwest::Method;
use saoma_sandbox::{Api, MiniProgram};
use serde_json::json;

use crate::harness::{
    Browser, Device, Setup, open_mini_program, register_by_mini_program, register_by_website,
};

#[tokio::test]
async fn somebody_new_gets_a_login_that_waits_for_the_phone() {
    let service = Setup::every_channel().start().await;
    let answer = open_mini_program(&service, &service.person("ming")).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let login = &answer.json;
    assert_eq!((login["state"].as_str(), login["version"].as_u64()), (Some("unregistered"), Some(2)));
    assert_eq!((login["channel"].as_str(), login["app"].as_str()), (Some("mini_program"), Some("mini")));
    assert_eq!(login["poll_token"].as_str().unwrap().len(), 43);
    assert!((590..=600).contains(&login["expires_in"].as_u64().unwrap()), "{login}");
    for absent in ["session", "qr", "authorize_url", "wx_login", "session_key", "openid", "unionid"] {
        assert!(login.get(absent).is_none(), "{absent}: {login}");
    }
    let device = Device::started(&answer);
    assert_eq!(device.look(&service).await.says(), "unregistered");
}

#[tokio::test]
async fn somebody_known_is_logged_in_by_the_code_alone() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let (first, token) = register_by_mini_program(&service, &ming).await;
    let account = first.session(&service, &token).await.json["account"]["id"].clone();
    let answer = open_mini_program(&service, &ming).await;
    assert_eq!((answer.status.as_u16(), answer.says()), (201, "registered"));
    assert_eq!(answer.json["account"]["id"], account);
    assert!(answer.json["session"]["expires_in"].as_u64().unwrap() > 1790);
    assert_eq!(first.session(&service, answer.token()).await.json["account"]["id"], account);
    let device = Device::started(&answer);
    assert_eq!(device.look(&service).await.token(), answer.token(), "asked again, the same session");
    assert_eq!(service.sandbox.calls(Api::Getuserphonenumber), 1, "the number is asked for once in a life");
}

#[tokio::test]
async fn a_web_view_keeps_its_secrets_in_cookies() {
    let service = Setup::every_channel().start().await;
    let (ming, mut view) = (service.person("ming"), Browser::new());
    let body = json!({"channel": "mini_program", "code": ming.wx_login("mini").unwrap()});
    let answer = view.call(&service, Method::POST, "/v1/logins", Some(body)).await;
    assert_eq!((answer.status.as_u16(), answer.says()), (201, "unregistered"));
    assert!(answer.json.get("poll_token").is_none());
    let path = format!("/v1/logins/{}/wechat-phone", answer.json["id"].as_str().unwrap());
    let proof = json!({"code": ming.phone_code("mini").unwrap()});
    let bound = view.call(&service, Method::POST, &path, Some(proof)).await;
    assert_eq!(bound.says(), "registered", "{}", bound.text);
    assert!(bound.json["session"].get("token").is_none(), "{}", bound.text);
    assert_eq!(view.session(&service).await.status, 200);

    let mut again = Browser::new();
    let body = json!({"channel": "mini_program", "code": ming.wx_login("mini").unwrap()});
    let known = again.call(&service, Method::POST, "/v1/logins", Some(body)).await;
    assert_eq!(known.says(), "registered");
    assert!(known.json["session"].get("token").is_none(), "{}", known.text);
    assert_eq!(again.session(&service).await.status, 200);
}

#[tokio::test]
async fn who_came_by_the_website_is_known_to_the_mini_program_of_the_same_open_account() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let mut browser = register_by_website(&service, &ming).await;
    let account = browser.session(&service).await.json["account"]["id"].clone();
    let answer = open_mini_program(&service, &ming).await;
    assert_eq!(answer.says(), "registered", "{}", answer.text);
    assert_eq!(answer.json["account"]["id"], account);
}

#[tokio::test]
async fn of_several_mini_programs_the_first_is_meant_and_each_has_its_name() {
    let other = MiniProgram {
        name: "game".to_owned(),
        app_id: "wx2222222222222222".to_owned(),
        open_account: None,
        ..MiniProgram::demo()
    };
    let service = Setup::every_channel().mini_program(other).start().await;
    let ming = service.person("ming");
    assert_eq!(open_mini_program(&service, &ming).await.json["app"], "mini");
    let body = |code: String| json!({"channel": "mini_program", "app": "game", "code": code});
    let game = Device::ask(&service, body(ming.wx_login("game").unwrap())).await;
    assert_eq!((game.says(), game.json["app"].as_str()), ("unregistered", Some("game")));
    let mixed_up = Device::ask(&service, body(ming.wx_login("mini").unwrap())).await;
    assert_eq!(mixed_up.problem(), "wechat_code_invalid", "a code is one program's");
    let site = Device::ask(&service, json!({"channel": "mini_program", "app": "site", "code": "x"})).await;
    assert_eq!(site.problem(), "app_unknown");
}
