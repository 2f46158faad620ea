//! Proving a phone number with the code of an SMS.

use std::time::Duration;

use futures_util::future::join_all;
use saoma_sandbox::{Api, Fault};

use crate::harness::{PATIENCE, Setup, another_than, bind_own_phone, code_for, scanned_by_new};

#[tokio::test]
async fn five_wrong_tries_use_a_code_up_and_another_one_helps() {
    let service = Setup::default().set("limits.sms_per_phone_gap_s", 0).start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    let code = code_for(&service, &device, &ming).await;
    for left in (0..5).rev() {
        let wrong = device.bind(&service, ming.phone(), another_than(&code)).await;
        assert_eq!((wrong.status.as_u16(), wrong.problem()), (422, "sms_code_wrong"));
        assert_eq!(wrong.json["attempts_left"], left);
    }
    for code in [another_than(&code), &code] {
        let gone = device.bind(&service, ming.phone(), code).await;
        assert_eq!((gone.status.as_u16(), gone.problem()), (410, "sms_code_expired"));
    }
    assert_eq!(device.look(&service).await.says(), "unregistered");
    bind_own_phone(&service, &device, &ming).await;
}

#[tokio::test]
async fn only_the_latest_code_is_good() {
    let service = Setup::default().set("limits.sms_per_phone_gap_s", 0).start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    let first = code_for(&service, &device, &ming).await;
    let second = code_for(&service, &device, &ming).await;
    assert_ne!(first, second);
    let old = device.bind(&service, ming.phone(), &first).await;
    assert_eq!(old.problem(), "sms_code_wrong");
    assert_eq!(device.bind(&service, ming.phone(), &second).await.says(), "registered");
}

#[tokio::test]
async fn a_code_is_good_for_the_number_and_the_login_that_it_was_sent_for() {
    let service = Setup::default().start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let device = scanned_by_new(&service, &ming).await;
    let elsewhere = scanned_by_new(&service, &hong).await;
    let code = code_for(&service, &device, &ming).await;

    let other_number = device.bind(&service, hong.phone(), &code).await;
    assert_eq!(other_number.problem(), "sms_code_wrong");
    let other_login = elsewhere.bind(&service, ming.phone(), &code).await;
    assert_eq!(other_login.problem(), "sms_code_expired", "no code was sent for that login");
    assert_eq!(device.bind(&service, ming.phone(), &code).await.says(), "registered");
}

#[tokio::test]
async fn a_code_grows_too_old() {
    let service = Setup::default().set("sms.code_ttl_s", 1).start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    let asked = device.send_code(&service, ming.phone()).await;
    assert_eq!((asked.status.as_u16(), &asked.json["expires_in"]), (202, &1.into()));
    let sms = ming.next_sms(0, PATIENCE).await.expect("the code arrives");
    // Nothing but time makes it old, and to try it would use it up.
    tokio::time::sleep(Duration::from_millis(1050)).await;
    let gone = device.bind(&service, ming.phone(), &sms.code).await;
    assert_eq!((gone.status.as_u16(), gone.problem()), (410, "sms_code_expired"));
}

#[tokio::test]
async fn binding_again_with_the_right_code_gives_the_same_answer_again() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    let code = code_for(&service, &device, &ming).await;
    let mut answers = join_all((0..4).map(|_| device.bind(&service, ming.phone(), &code))).await;
    let later = device.bind(&service, ming.phone(), &code).await;
    answers.push(later);
    for answer in &answers {
        assert_eq!(answer.says(), "registered", "{}", answer.text);
        assert_eq!(answer.json["version"], 3);
        assert_eq!(answer.json["account"], answers[0].json["account"]);
        assert_eq!(answer.token(), answers[0].token());
    }
    let wrong = device.bind(&service, ming.phone(), another_than(&code)).await;
    assert_eq!(wrong.problem(), "login_state", "another code gives nothing away");
}

#[tokio::test]
async fn a_code_that_the_gateway_did_not_take_can_be_asked_for_again() {
    let service = Setup::default().set("limits.sms_per_phone_gap_s", 0).start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    for fault in [Fault::Status { status: 500 }, Fault::Close] {
        service.sandbox.fail(Api::SmsWebhook, &fault, 1);
        let failed = device.send_code(&service, ming.phone()).await;
        assert_eq!((failed.status.as_u16(), failed.problem()), (503, "sms_unavailable"));
        assert!(failed.retry_after() >= 1);
    }
    assert_eq!(ming.sms(), []);
    bind_own_phone(&service, &device, &ming).await;
}
