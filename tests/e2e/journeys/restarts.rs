//! Processes that die without a word.

use saoma_sandbox::Reaction;

use crate::harness::{Device, Setup, bind_own_phone, code_for, log_in, register, scanned_by_new};

#[tokio::test]
async fn a_scan_is_not_lost_when_the_process_dies_before_the_client_asks() {
    let mut service = Setup::default().start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    register(&service, &hong).await;
    let (new, known) = (Device::start(&service).await, Device::start(&service).await);
    let scanned = ming.scan(new.qr()).await.unwrap();
    hong.scan(known.qr()).await.unwrap();
    service.kill().await;
    service.start_again().await;

    let token = known.look(&service).await.token().to_owned();
    assert_eq!(known.session(&service, &token).await.status, 200);
    let login = new.look(&service).await;
    assert_eq!((login.says(), &login.json["version"]), ("unregistered", &2.into()));
    let Reaction::Sent { event, .. } = scanned else { panic!("WeChat told the service nothing") };
    let again = service.sandbox.resend(event, 1).await.unwrap();
    assert_eq!(again.reply(), scanned.reply(), "a repetition after the restart is still one");
    bind_own_phone(&service, &new, &ming).await;
}

#[tokio::test]
async fn who_waits_gets_their_login_though_the_process_died_before_the_scan() {
    let mut service = Setup::default().start().await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;
    service.kill().await;
    service.start_again().await;

    let (scanned, waiting) = tokio::join!(ming.scan(device.qr()), device.wait(&service, 30, 1));
    assert!(scanned.unwrap().reply().is_some(), "the phone is told what it can be told");
    assert_eq!(waiting.says(), "unregistered");
    bind_own_phone(&service, &device, &ming).await;
}

#[tokio::test]
async fn an_event_that_the_process_died_over_is_taken_when_wechat_sends_it_again() {
    let mut service = Setup::default().start().await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;
    let (scanned, ()) = tokio::join!(ming.scan(device.qr()), service.kill());
    let Reaction::Sent { event, .. } = scanned.unwrap() else { panic!("WeChat told the service nothing") };
    service.start_again().await;

    let again = service.sandbox.resend(event, 1).await.unwrap();
    assert!(again.reply().is_some(), "{again:?}");
    let login = device.look(&service).await;
    assert_eq!((login.says(), &login.json["version"]), ("unregistered", &2.into()));
    bind_own_phone(&service, &device, &ming).await;
}

#[tokio::test]
async fn a_binding_is_not_lost_when_the_process_dies_right_after_it() {
    let mut service = Setup::default().start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    let code = code_for(&service, &device, &ming).await;
    let bound = device.bind(&service, ming.phone(), &code).await;
    service.kill().await;
    service.start_again().await;

    let (asked, sent_again) = (device.look(&service).await, device.bind(&service, ming.phone(), &code).await);
    for answer in [&asked, &sent_again] {
        assert_eq!(answer.says(), "registered", "{}", answer.text);
        assert_eq!(answer.json["version"], bound.json["version"]);
        assert_eq!(answer.json["account"], bound.json["account"]);
        assert_eq!(answer.token(), bound.token());
    }
    assert_eq!(device.session(&service, bound.token()).await.status, 200);
    log_in(&service, &ming).await;
}

#[tokio::test]
async fn what_was_ended_stays_ended_when_the_process_dies() {
    let mut service = Setup::default().start().await;
    let (device, token) = register(&service, &service.person("ming")).await;
    let cancelled = Device::start(&service).await;
    cancelled.cancel(&service).await;
    device.log_out(&service, &token).await;
    service.kill().await;
    service.start_again().await;

    assert_eq!(device.session(&service, &token).await.problem(), "session_invalid");
    assert_eq!(device.look(&service).await.problem(), "login_closed");
    assert_eq!(cancelled.look(&service).await.json["reason"], "cancelled");
}
