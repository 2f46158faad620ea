//! What clients say about themselves counts for nothing: only what WeChat says does.

use reqwest::Method;
use saoma_sandbox::{MiniProgram, PhoneData};
use serde_json::{Value, json};

use crate::harness::{
    Answer, Browser, Device, Service, Setup, bind_in_browser, login_to_go_on_with, open_mini_program,
    register_by_mini_program, register_by_website,
};

/// The fields that a forger might add.
const FORGED: [&str; 9] = [
    "openid",
    "unionid",
    "phone",
    "phone_number",
    "purePhoneNumber",
    "account",
    "account_id",
    "session_key",
    "nickname",
];

fn is_unknown_field(answer: &Answer, field: &str) {
    assert_eq!((answer.status.as_u16(), answer.problem()), (422, "body_invalid"), "{field}");
    assert!(answer.text.contains(field), "the field is named: {}", answer.text);
    assert!(!answer.text.contains("forged-value"), "its value is not repeated: {}", answer.text);
}

#[tokio::test]
async fn forged_fields_of_a_login_are_refused() {
    let page = Setup::every_channel().set("wechat.apps.2.login_page", MiniProgram::LOGIN_PAGE);
    let service = page.set("limits.logins_per_ip_burst", 0).start().await;
    let ming = service.person("ming");
    for channel in ["official_account", "website", "in_wechat", "mini_program", "mini_program_code", "app"] {
        for field in FORGED {
            let mut body = json!({"channel": channel, field: "forged-value"});
            if channel == "mini_program" {
                body["code"] = ming.wx_login("mini").unwrap().into();
            } else if channel == "app" {
                body["code"] = ming.sdk_login("mobile").unwrap().into();
            }
            is_unknown_field(&Device::ask(&service, body).await, field);
        }
    }
}

#[tokio::test]
async fn forged_fields_beside_a_phones_proof_are_refused() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let device = Device::started(&open_mini_program(&service, &ming).await);
    for field in FORGED {
        let proof = json!({"code": ming.phone_code("mini").unwrap(), field: "forged-value"});
        is_unknown_field(&device.bind_wechat(&service, proof).await, field);
    }
    assert_eq!(device.look(&service).await.says(), "unregistered");
}

#[tokio::test]
async fn forged_fields_of_an_own_account_are_refused() {
    let service = Setup::every_channel().start().await;
    let mut browser = register_by_website(&service, &service.person("ming")).await;
    for field in FORGED.into_iter().filter(|field| *field != "phone") {
        let body = json!({"channel": "website", field: "forged-value"});
        let answer = browser.call(&service, Method::POST, "/v1/session/identities", Some(body)).await;
        is_unknown_field(&answer, field);
        let body = json!({"phone": "13800138000", "code": "123456", field: "forged-value"});
        let answer = browser.call(&service, Method::PUT, "/v1/session/phone", Some(body)).await;
        is_unknown_field(&answer, field);
    }
}

#[tokio::test]
async fn forged_parameters_of_a_return_are_ignored() {
    let service = Setup::every_channel().set("limits.sms_per_phone_gap_s", 0).start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let mut hongs = register_by_website(&service, &hong).await;
    let theirs = hongs.session(&service).await.json["account"]["id"].clone();

    let mut browser = Browser::new();
    let one_time_codes = format!(
        "openid={}&unionid={}&phone={}&account={}",
        hong.openid("site").unwrap(),
        hong.unionid(),
        &hong.phone()[1..],
        theirs.as_str().unwrap()
    );
    let page = browser.authorize(&service, &format!("channel=website&{one_time_codes}")).await;
    let back = ming.allow(&page).unwrap();
    let back = format!("{back}&{one_time_codes}&app=main&channel=in_wechat&return_to=https://evil.test/");
    let answer = browser.visit(&service, &back).await;
    let id = login_to_go_on_with(&answer);
    assert!(!answer.location().contains("evil"), "{}", answer.location());
    let bound = bind_in_browser(&service, &mut browser, &id, &ming).await;
    assert_ne!(bound.json["account"]["id"], theirs, "Ming is Ming");
    let session = browser.session(&service).await.json;
    assert_eq!(session["account"]["identities"][0]["app"], "site");
}

async fn refused_data(service: &Service, device: &Device, proof: Value, detail: &str) {
    let answer = device.bind_wechat(service, proof).await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (422, "wechat_data_invalid"), "{detail}");
    let told = answer.json["detail"].as_str().unwrap();
    assert!(told.contains(detail), "{told}");
    assert_eq!(device.look(service).await.says(), "unregistered", "{detail}");
}

#[tokio::test]
async fn data_of_another_program_an_outdated_key_or_another_time_is_not_believed() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let device = Device::started(&open_mini_program(&service, &ming).await);
    let made = |data: PhoneData| {
        let made = ming.encrypted_phone_with("mini", &data).unwrap();
        json!({"encrypted_data": made.encrypted_data, "iv": made.iv})
    };
    let right = made(PhoneData::default());
    let foreign =
        PhoneData { watermark_app_id: Some("wx0000000000000000".to_owned()), ..PhoneData::default() };
    refused_data(&service, &device, made(foreign), "another mini program").await;
    let outdated = PhoneData { outdated_key: true, ..PhoneData::default() };
    refused_data(&service, &device, made(outdated), "wx.login").await;
    let old = PhoneData { age: std::time::Duration::from_secs(3600), ..PhoneData::default() };
    refused_data(&service, &device, made(old), "too old").await;
    for (field, value) in [("iv", "AAAA"), ("iv", ""), ("encrypted_data", "x"), ("encrypted_data", "")] {
        let mut wrong = right.clone();
        wrong[field] = value.into();
        refused_data(&service, &device, wrong, "malformed").await;
    }
    let registered = device.bind_wechat(&service, right).await;
    assert_eq!(registered.says(), "registered", "what is right still works: {}", registered.text);
}

#[tokio::test]
async fn somebody_elses_number_cannot_be_brought_into_a_login() {
    let service = Setup::every_channel().start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let (hongs, token) = register_by_mini_program(&service, &hong).await;
    let device = Device::started(&open_mini_program(&service, &ming).await);
    let data = hong.encrypted_phone("mini").unwrap();
    let proof = json!({"encrypted_data": data.encrypted_data, "iv": data.iv});
    refused_data(&service, &device, proof, "wx.login").await;
    let code = hong.phone_code("mini").unwrap();
    let answer = device.bind_wechat(&service, json!({"code": code})).await;
    assert_ne!(answer.status, 200, "{}", answer.text);
    assert_eq!(hongs.session(&service, &token).await.status, 200);
}
