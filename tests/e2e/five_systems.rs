//! The five systems that this one succeeds, each as its users knew it.

use std::sync::Arc;

use reqwest::Method;
use saoma_api::SystemClock;
use saoma_sandbox::{EventKind, Reaction};
use serde_json::json;

use crate::harness::{
    Browser, Device, Setup, bind_in_browser, bind_own_phone, come_back, login_to_go_on_with,
    open_mini_program, parameter, register_by_website,
};

/// A QR code by a ticket; a follower's scan comes as SCAN, any other as subscribe; the client polls and is
/// told that the code is not scanned yet, or by an openid, which is registered or not.
#[tokio::test]
async fn one_a_qr_code_by_ticket_and_polling_until_a_registered_or_unregistered_openid_has_scanned() {
    let service = Setup::default().start().await;
    let (new, follower) = (service.person("new"), service.person("follower"));
    follower.follow("main").await.unwrap();
    let kind = |reaction| match reaction {
        Reaction::Sent { kind, .. } => kind,
        Reaction::NotSent { reason } => panic!("WeChat told the service nothing: {reason:?}"),
    };
    for (person, event) in [(&new, EventKind::Subscribe), (&follower, EventKind::Scan)] {
        let device = Device::start(&service).await;
        assert!(device.started["qr"]["image_url"].as_str().unwrap().contains("ticket="));
        let polled = device.look(&service).await;
        assert_eq!((polled.says(), &polled.json["scanned"]), ("loop", &false.into()), "not scanned");
        assert_eq!(kind(person.scan(device.qr()).await.unwrap()), event);
        assert_eq!(device.look(&service).await.says(), "unregistered", "scanned, by a new person");
        bind_own_phone(&service, &device, person).await;

        let again = Device::start(&service).await;
        assert_eq!(again.look(&service).await.says(), "loop");
        assert_eq!(kind(person.scan(again.qr()).await.unwrap()), EventKind::Scan);
        assert_eq!(again.look(&service).await.says(), "registered", "scanned, by a known person");
    }
}

/// A QR code whose scene is a type and a unique id; the states loop, unregistered, registered and expired; the
/// phone is bound by an SMS code, and the token is there at once.
#[tokio::test]
async fn two_a_qr_code_with_scene_type_and_id_four_states_and_a_token_as_soon_as_the_phone_is_bound() {
    let service = Setup::default().set("login.qr_ttl_s", 20).start().await;
    let ming = service.person("ming");
    let device = Device::started(&Device::ask(&service, json!({"purpose": "pc-web"})).await);
    let scene = service.sandbox.qr_codes()[0].scene.to_string();
    assert_eq!(scene, format!("login:pc-web:{}", device.id));

    assert_eq!(device.look(&service).await.says(), "loop");
    ming.scan(device.qr()).await.unwrap();
    assert_eq!(device.look(&service).await.says(), "unregistered");
    let bound = bind_own_phone(&service, &device, &ming).await;
    assert_eq!(bound.says(), "registered");
    assert_eq!(device.session(&service, bound.token()).await.status, 200, "the token is in the same answer");

    let unscanned = Device::start(&service).await;
    let over = unscanned.wait(&service, 30, 1).await;
    assert_eq!((over.says(), &over.json["reason"]), ("expired", &"timeout".into()));
}

/// A website's login by WeChat's code; a verified phone leads to its account or makes a new one; the session
/// lasts for 30 minutes without use.
#[tokio::test]
async fn three_a_website_login_by_code_bound_by_a_verified_phone_with_a_session_of_thirty_minutes() {
    let service = Setup::every_channel()
        .set("login.link_by_unionid", false)
        .set("limits.sms_per_phone_gap_s", 0)
        .start();
    let service = service.await;
    let (new, known) = (service.person("new"), service.person("known"));
    let scanned = crate::harness::register(&service, &known).await.0;
    let account = scanned.look(&service).await.json["account"]["id"].clone();

    for (person, has_account) in [(&new, false), (&known, true)] {
        let mut browser = Browser::new();
        let back = come_back(&service, &mut browser, person, "channel=website").await;
        let id = login_to_go_on_with(&back);
        let bound = bind_in_browser(&service, &mut browser, &id, person).await;
        assert_eq!(bound.json["account"]["id"] == account, has_account);
        let left = bound.json["session"]["expires_in"].as_u64().unwrap();
        assert!((1795..=1800).contains(&left), "{left}");
        let session = browser.session(&service).await.json;
        let identities = session["account"]["identities"].as_array().unwrap();
        assert!(identities.iter().any(|identity| identity["channel"] == "website"));
    }
}

/// A mini program logs in by `wx.login`; the phone number comes encrypted with the session key.
#[tokio::test]
async fn four_a_mini_program_login_with_the_decrypted_phone_number() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let device = Device::started(&open_mini_program(&service, &ming).await);
    let data = ming.encrypted_phone("mini").unwrap();
    let proof = json!({"encrypted_data": data.encrypted_data, "iv": data.iv});
    let bound = device.bind_wechat(&service, proof).await;
    assert_eq!(bound.says(), "registered", "{}", bound.text);
    let session = device.session(&service, bound.token()).await.json;
    let shown = session["account"]["phone"].as_str().unwrap();
    assert!(shown.ends_with(&ming.phone()[ming.phone().len() - 4..]), "{shown}");
    assert_eq!(session["account"]["identities"][0]["channel"], "mini_program");
    assert_eq!(open_mini_program(&service, &ming).await.says(), "registered", "next time by the code alone");
}

/// A website with cookie sessions: who is not logged in is sent to the login page and comes back; a guard stands
/// before its pages; logging out ends it.
#[tokio::test]
async fn five_a_website_with_cookie_sessions_a_guard_log_out_and_the_way_to_the_login_page() {
    let mut service = Setup::every_channel().start().await;
    let application = service.embed(Arc::new(SystemClock)).await;
    service.url.clone_from(&application.url);
    let ming = service.person("ming");
    register_by_website(&service, &ming).await;

    let mut browser = Browser::new();
    let sent = browser.visit(&service, "/orders").await;
    assert_eq!(sent.location(), "/login?return_to=%2Forders", "not logged in");
    let wanted = parameter(sent.location(), "return_to").unwrap();
    let back = come_back(&service, &mut browser, &ming, &format!("channel=website&return_to={wanted}")).await;
    assert_eq!(back.location(), "/orders");
    assert!(browser.cookie("saoma_session").is_some());
    assert_eq!(browser.visit(&service, "/orders").await.status, 200, "the guard lets them pass");

    let out = browser.call(&service, Method::DELETE, "/v1/session", None).await;
    assert_eq!(out.status, 204);
    assert_eq!(browser.cookie("saoma_session"), None);
    assert_eq!(browser.visit(&service, "/orders").await.location(), "/login?return_to=%2Forders");
}
