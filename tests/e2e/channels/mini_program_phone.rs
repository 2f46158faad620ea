//! The phone number that WeChat vouches for.

use saoma_sandbox::{Api, Fault};
use serde_json::json;

use crate::harness::{Device, Setup, bind_own_phone, open_mini_program, register, register_by_mini_program};

#[tokio::test]
async fn a_phone_code_makes_the_account_without_any_sms() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let device = Device::started(&open_mini_program(&service, &ming).await);
    let proof = json!({"code": ming.phone_code("mini").unwrap()});
    let bound = device.bind_wechat(&service, proof.clone()).await;
    assert_eq!((bound.status.as_u16(), bound.says()), (200, "registered"), "{}", bound.text);
    let tail = &ming.phone()[ming.phone().len() - 4..];
    assert!(bound.json["account"]["phone"].as_str().unwrap().ends_with(tail));
    assert_eq!(device.session(&service, bound.token()).await.status, 200);
    assert!(ming.sms().is_empty());

    let again = device.bind_wechat(&service, proof).await;
    assert_eq!(again.token(), bound.token(), "sent twice, the same answer");
    assert_eq!(service.sandbox.calls(Api::Getuserphonenumber), 1);
}

#[tokio::test]
async fn encrypted_data_makes_the_account_as_well() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let device = Device::started(&open_mini_program(&service, &ming).await);
    let data = ming.encrypted_phone("mini").unwrap();
    let proof = json!({"encrypted_data": data.encrypted_data, "iv": data.iv});
    let bound = device.bind_wechat(&service, proof.clone()).await;
    assert_eq!(bound.says(), "registered", "{}", bound.text);
    assert_eq!(
        device.bind_wechat(&service, proof).await.token(),
        bound.token(),
        "sent twice, the same answer"
    );
    assert_eq!(service.sandbox.calls(Api::Getuserphonenumber), 0);
    assert_eq!(open_mini_program(&service, &ming).await.says(), "registered");
}

#[tokio::test]
async fn a_program_whose_key_is_outdated_logs_in_anew_and_goes_on() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let device = Device::started(&open_mini_program(&service, &ming).await);
    ming.wx_login("mini").unwrap();
    let data = ming.encrypted_phone("mini").unwrap();
    let proof = json!({"encrypted_data": data.encrypted_data, "iv": data.iv});
    let outdated = device.bind_wechat(&service, proof).await;
    assert_eq!((outdated.status.as_u16(), outdated.problem()), (422, "wechat_data_invalid"));
    assert!(outdated.json["detail"].as_str().unwrap().contains("wx.login"), "{}", outdated.text);

    let device = Device::started(&open_mini_program(&service, &ming).await);
    let data = ming.encrypted_phone("mini").unwrap();
    let proof = json!({"encrypted_data": data.encrypted_data, "iv": data.iv});
    assert_eq!(device.bind_wechat(&service, proof).await.says(), "registered");
}

#[tokio::test]
async fn an_sms_code_does_in_a_mini_program_too() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let device = Device::started(&open_mini_program(&service, &ming).await);
    bind_own_phone(&service, &device, &ming).await;
}

#[tokio::test]
async fn a_number_that_has_an_account_leads_to_it() {
    let service = Setup::every_channel().set("login.link_by_unionid", false).start().await;
    let ming = service.person("ming");
    let (first, token) = register(&service, &ming).await;
    let account = first.session(&service, &token).await.json["account"]["id"].clone();
    let (device, token) = register_by_mini_program(&service, &ming).await;
    let session = device.session(&service, &token).await.json;
    assert_eq!(session["account"]["id"], account);
    assert_eq!(session["account"]["identities"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_code_that_wechat_does_not_take_leaves_the_login_waiting() {
    let service = Setup::every_channel().start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let device = Device::started(&open_mini_program(&service, &ming).await);
    for code in ["", "a b", "nobody-made-it"] {
        let answer = device.bind_wechat(&service, json!({"code": code})).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (422, "wechat_data_invalid"), "{code:?}");
    }
    service.sandbox.fail(Api::Getuserphonenumber, &Fault::Close, 1);
    let lost = json!({"code": ming.phone_code("mini").unwrap()});
    assert_eq!(device.bind_wechat(&service, lost.clone()).await.problem(), "wechat_unavailable");
    let calls = service.sandbox.calls(Api::Getuserphonenumber);
    assert_eq!(device.bind_wechat(&service, lost).await.problem(), "wechat_data_invalid", "not tried again");
    assert_eq!(service.sandbox.calls(Api::Getuserphonenumber), calls);

    let used = json!({"code": hong.phone_code("mini").unwrap()});
    let hongs = Device::started(&open_mini_program(&service, &hong).await);
    assert_eq!(hongs.bind_wechat(&service, used.clone()).await.says(), "registered");
    let calls = service.sandbox.calls(Api::Getuserphonenumber);
    assert_eq!(device.bind_wechat(&service, used).await.problem(), "wechat_data_invalid", "it was Hong's");
    assert_eq!(service.sandbox.calls(Api::Getuserphonenumber), calls, "WeChat is not even asked");

    let right = json!({"code": ming.phone_code("mini").unwrap()});
    assert_eq!(device.bind_wechat(&service, right).await.says(), "registered");
}

#[tokio::test]
async fn only_a_mini_programs_login_that_waits_for_it_takes_such_a_proof() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let proof = |code: String| json!({"code": code});
    let scanned = crate::harness::scanned_by_new(&service, &ming).await;
    let answer = scanned.bind_wechat(&service, proof(ming.phone_code("mini").unwrap())).await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (409, "login_state"));
    let waiting = Device::start(&service).await;
    let answer = waiting.bind_wechat(&service, proof(ming.phone_code("mini").unwrap())).await;
    assert_eq!(answer.problem(), "login_state");
    for wrong in [
        json!({}),
        json!({"code": "x", "iv": "x"}),
        json!({"code": "x", "encrypted_data": "x", "iv": "x"}),
        json!({"encrypted_data": "x"}),
        json!({"iv": "x"}),
        json!({"code": null}),
        json!({"code": 7}),
    ] {
        let answer = waiting.bind_wechat(&service, wrong.clone()).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (422, "body_invalid"), "{wrong}");
    }
    assert_eq!(service.sandbox.calls(Api::Getuserphonenumber), 0);
}
