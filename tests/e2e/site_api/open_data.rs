//! What WeChat tells of a mini program's user who has an account: a new number, and other open data.

use reqwest::Method;
use serde_json::json;

use super::support::{call, with_root};
use crate::{
    contract::client,
    harness::{Answer, Service, Setup, register_by_mini_program},
};

async fn change_phone(service: &Service, token: &str, body: serde_json::Value) -> Answer {
    let request = client().put(format!("{}/v1/session/phone", service.url)).bearer_auth(token).json(&body);
    Answer::read(request.send().await.unwrap()).await
}

#[tokio::test]
async fn a_member_who_uses_the_mini_program_changes_the_number_by_wechat() {
    let service = with_root(Setup::every_channel()).start().await;
    let ming = service.person("ming");
    let (device, token) = register_by_mini_program(&service, &ming).await;
    let id = device.session(&service, &token).await.json["account"]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/admin/accounts/{id}");
    let number = async || call(&service, Method::GET, &path, None).await.json["phone"].take();
    let own = number().await;
    for by_code in [true, false] {
        call(&service, Method::PATCH, &path, Some(json!({"phone": "13912345678"}))).await;
        assert_eq!(number().await, "+8613912345678");
        let proof = if by_code {
            json!({"wechat_code": ming.phone_code("mini").unwrap()})
        } else {
            let data = ming.encrypted_phone("mini").unwrap();
            json!({"encrypted_data": data.encrypted_data, "iv": data.iv})
        };
        let changed = change_phone(&service, &token, proof).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        assert_eq!(number().await, own);
    }
    for wrong in [
        json!({}),
        json!({"phone": "13912345678"}),
        json!({"wechat_code": "a", "iv": "b"}),
        json!({"phone": "1", "code": "1", "wechat_code": "x"}),
    ] {
        assert_eq!(change_phone(&service, &token, wrong.clone()).await.problem(), "body_invalid", "{wrong}");
    }
    assert_eq!(
        change_phone(&service, &token, json!({"wechat_code": "unknown"})).await.problem(),
        "wechat_data_invalid"
    );
}

#[tokio::test]
async fn the_site_has_open_data_decrypted_and_never_sees_the_key() {
    let service = with_root(Setup::every_channel()).start().await;
    let ming = service.person("ming");
    let (device, token) = register_by_mini_program(&service, &ming).await;
    let id = device.session(&service, &token).await.json["account"]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/admin/accounts/{id}/open-data");
    let data = ming.encrypted_phone("mini").unwrap();
    let body = json!({"app": "mini", "encrypted_data": data.encrypted_data, "iv": data.iv});
    let opened = call(&service, Method::POST, &path, Some(body.clone())).await;
    assert_eq!(opened.status, 200, "{}", opened.text);
    assert!(opened.json["watermark"]["appid"].is_string() && opened.json["purePhoneNumber"].is_string());
    for (field, value, code) in
        [("app", "main", "not_found"), ("app", "No!", "app_unknown"), ("iv", "AAAA", "wechat_data_invalid")]
    {
        let mut wrong = body.clone();
        wrong[field] = value.into();
        assert_eq!(call(&service, Method::POST, &path, Some(wrong)).await.problem(), code, "{value}");
    }
}
