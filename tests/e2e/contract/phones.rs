//! Binding a phone number: who may ask for a code, how often, and what is told.

use serde_json::json;

use super::requests::{fields, without_request_id};
use crate::harness::{
    Device, PATIENCE, Setup, another_than, bind_own_phone, code_for, register, scanned_by_new,
};

#[tokio::test]
async fn a_code_is_only_sent_while_a_phone_number_is_asked_for() {
    let service = Setup::default().start().await;
    let (ming, device) = (service.person("ming"), Device::start(&service).await);
    let early = device.send_code(&service, ming.phone()).await;
    assert_eq!((early.status.as_u16(), early.problem()), (409, "login_state"));
    assert_eq!(device.bind(&service, ming.phone(), "123456").await.problem(), "login_state");
    ming.scan(device.qr()).await.unwrap();
    bind_own_phone(&service, &device, &ming).await;
    assert_eq!(device.send_code(&service, ming.phone()).await.problem(), "login_state");
    assert_eq!(device.bind(&service, ming.phone(), "000000").await.problem(), "login_state");
    assert_eq!(device.cancel(&service).await.problem(), "login_state", "registered is final");
    assert_eq!(ming.sms().len(), 1);
}

#[tokio::test]
async fn what_is_no_mobile_number_is_invalid_and_not_repeated() {
    let service = Setup::default().start().await;
    let device = scanned_by_new(&service, &service.person("ming")).await;
    for wrong in [
        "",
        "1",
        "139123456",
        "139123456789",
        "010-62552000",
        "+999139123456",
        "13912345678;ext=1",
        "13912345678 13912345679",
    ] {
        for answer in [device.send_code(&service, wrong).await, device.bind(&service, wrong, "123456").await]
        {
            assert_eq!((answer.status.as_u16(), answer.problem()), (422, "phone_invalid"), "{wrong}");
            assert!(!answer.text.contains("139123"), "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn whether_a_number_has_an_account_makes_no_difference() {
    let service = Setup::default().start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    register(&service, &ming).await;
    let device = scanned_by_new(&service, &hong).await;
    let without = device.send_code(&service, hong.phone()).await;
    let twice_without = device.send_code(&service, hong.phone()).await;
    let twice_with = device.send_code(&service, ming.phone()).await;
    assert_eq!(without.status, 202);
    assert_eq!(without.json, json!({"resend_in": 60, "expires_in": 180}));
    assert_eq!(twice_with.status, 429);
    assert_eq!(without_request_id(&twice_with), without_request_id(&twice_without));
}

#[tokio::test]
async fn a_number_with_an_account_gets_its_code_like_any_other() {
    let service = Setup::default().set("limits.sms_per_phone_gap_s", 0).start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    register(&service, &ming).await;
    let device = scanned_by_new(&service, &hong).await;
    let (with, without) =
        (device.send_code(&service, ming.phone()).await, device.send_code(&service, hong.phone()).await);
    assert_eq!((with.status.as_u16(), with.text), (202, without.text));
}

#[tokio::test]
async fn all_spellings_of_a_number_share_their_limits() {
    let service = Setup::default().start().await;
    let device = scanned_by_new(&service, &service.person("ming")).await;
    assert_eq!(device.send_code(&service, "13912345678").await.status, 202);
    for spelling in [
        "+8613912345678",
        "+86 139 1234 5678",
        "008613912345678",
        "(+86)139-1234-5678",
        " 13912345678 ",
        "139１2345678",
    ] {
        let answer = device.send_code(&service, spelling).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (429, "rate_limited"), "{spelling}");
        assert!((1..=60).contains(&answer.retry_after()));
    }
}

#[tokio::test]
async fn a_code_has_five_tries() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    let none = device.bind(&service, ming.phone(), "123456").await;
    assert_eq!((none.status.as_u16(), none.problem()), (410, "sms_code_expired"), "none was sent");
    let code = code_for(&service, &device, &ming).await;
    for left in [4, 3, 2, 1, 0] {
        let wrong = device.bind(&service, ming.phone(), another_than(&code)).await;
        assert_eq!((wrong.status.as_u16(), wrong.problem()), (422, "sms_code_wrong"));
        assert_eq!(wrong.json["attempts_left"], left);
        assert_eq!(fields(&wrong.json), "attempts_left code detail request_id status title type");
    }
    let used_up = device.bind(&service, ming.phone(), &code).await;
    assert_eq!((used_up.status.as_u16(), used_up.problem()), (410, "sms_code_expired"), "even the right one");
}

#[tokio::test]
async fn a_code_is_good_for_its_own_login_and_number_only() {
    let service = Setup::default().set("limits.sms_per_phone_gap_s", 0).start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let (own, other) = (scanned_by_new(&service, &ming).await, scanned_by_new(&service, &hong).await);
    let code = code_for(&service, &own, &ming).await;
    assert_eq!(other.bind(&service, ming.phone(), &code).await.problem(), "sms_code_expired");
    assert_eq!(own.bind(&service, hong.phone(), &code).await.problem(), "sms_code_wrong");
    let once = own.bind(&service, ming.phone(), &code).await;
    let twice = own.bind(&service, ming.phone(), &code).await;
    assert_eq!(once.says(), "registered");
    assert_eq!(once.token(), twice.token(), "sent twice it is answered twice");
    assert_eq!(once.json["account"], twice.json["account"]);
}

#[tokio::test]
async fn a_number_whose_account_has_another_user_of_the_app_is_taken() {
    let service = Setup::default().set("limits.sms_per_phone_gap_s", 0).start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let (of_ming, session) = register(&service, &ming).await;
    let device = scanned_by_new(&service, &hong).await;
    let last = ming.sms().last().unwrap().id;
    device.send_code(&service, ming.phone()).await;
    let code = ming.next_sms(last, PATIENCE).await.unwrap().code;
    let taken = device.bind(&service, ming.phone(), &code).await;
    assert_eq!((taken.status.as_u16(), taken.problem()), (409, "phone_taken"));
    assert_eq!(device.look(&service).await.says(), "unregistered", "another number may still be bound");
    let account = of_ming.session(&service, &session).await.json;
    assert_eq!(account["account"]["identities"].as_array().unwrap().len(), 1);
    bind_own_phone(&service, &device, &hong).await;
}
