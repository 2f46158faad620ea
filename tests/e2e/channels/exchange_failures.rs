//! WeChat does not exchange a code: a page for people, a problem for programs, and never a second try.

use reqwest::Method;
use saoma_sandbox::{Api, Fault};
use serde_json::json;

use crate::harness::{
    Answer, Browser, Device, Service, Setup, come_back, login_to_go_on_with, open_mini_program, parameter,
};

/// Lets the exchange of a return fail, for a person's browser or for a program; returns the answer.
async fn fail_with(service: &Service, fault: &Fault, is_navigation: bool) -> Answer {
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let page = browser.authorize(service, "channel=website&return_to=/a").await;
    let back = ming.allow(&page).unwrap();
    let path = format!("{}?{}", back.path(), back.query().unwrap());
    let before = service.sandbox.calls(Api::SnsAccessToken);
    service.sandbox.fail(Api::SnsAccessToken, fault, 1);
    let answer = if is_navigation {
        browser.visit(service, &path).await
    } else {
        browser.call(service, Method::GET, &path, None).await
    };
    service.sandbox.clear_faults();
    assert_eq!(service.sandbox.calls(Api::SnsAccessToken), before + 1, "{fault:?}: asked once");

    let again = browser.visit(service, &path).await;
    assert_eq!(again.location(), "/login?error=wechat_code_invalid&return_to=%2Fa", "{fault:?}");
    assert_eq!(service.sandbox.calls(Api::SnsAccessToken), before + 1, "{fault:?}: never again");
    assert!(browser.cookie("saoma_session").is_none());
    answer
}

async fn is_told(service: &Service, fault: &Fault, status: u16, code: &str) {
    let page = fail_with(service, fault, true).await;
    let problem = fail_with(service, fault, false).await;
    assert_eq!(page.location(), format!("/login?error={code}&return_to=%2Fa"), "{fault:?}");
    assert_eq!((problem.status.as_u16(), problem.problem()), (status, code), "{fault:?}");
    for answer in [&page, &problem] {
        assert!(!answer.text.contains(&service.sandbox.base_url()), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_code_that_wechat_does_not_take_is_told() {
    let service = Setup::every_channel().set("limits.logins_per_ip_burst", 0).start().await;
    for errcode in [40029, 40163] {
        is_told(&service, &Fault::Errcode { errcode }, 422, "wechat_code_invalid").await;
    }
}

#[tokio::test]
async fn a_wechat_that_is_away_is_told() {
    let service = Setup::every_channel()
        .set("limits.logins_per_ip_burst", 0)
        .set("wechat.timeout_ms", 1500)
        .start()
        .await;
    for fault in [
        Fault::Close,
        Fault::Html,
        Fault::TruncatedJson,
        Fault::Status { status: 502 },
        Fault::Delay { delay_ms: 10_000 },
        Fault::Errcode { errcode: -1 },
    ] {
        is_told(&service, &fault, 503, "wechat_unavailable").await;
    }
}

#[tokio::test]
async fn a_refusal_names_what_the_operator_has_to_do() {
    // After such an answer WeChat is left alone for a while, so each asks a WeChat of its own.
    let service = Setup::every_channel().start().await;
    let page = fail_with(&service, &Fault::Errcode { errcode: 40125 }, true).await;
    assert_eq!(page.location(), "/login?error=wechat_refused&return_to=%2Fa");
    let service = Setup::every_channel().start().await;
    let problem = fail_with(&service, &Fault::Errcode { errcode: 40125 }, false).await;
    assert_eq!((problem.status.as_u16(), problem.problem()), (502, "wechat_refused"));
    assert!(problem.json["detail"].as_str().unwrap().contains("40125"), "{}", problem.text);
}

#[tokio::test]
async fn a_code_that_is_too_old_or_was_used_elsewhere_is_told() {
    let service = Setup::every_channel().start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let page = browser.authorize(&service, "channel=website").await;
    let back = ming.allow(&page).unwrap();
    service.sandbox.advance_clock(std::time::Duration::from_secs(900));
    let old = browser.visit(&service, back.as_str()).await;
    assert_eq!(old.location(), "/login?error=wechat_code_invalid");

    let (mut one, mut other) = (Browser::new(), Browser::new());
    let page = one.authorize(&service, "channel=website").await;
    let back = ming.allow(&page).unwrap();
    login_to_go_on_with(&one.visit(&service, back.as_str()).await);
    let calls = service.sandbox.calls(Api::SnsAccessToken);
    let own = other.authorize(&service, "channel=website").await;
    let code = parameter(back.as_str(), "code").unwrap();
    let state = parameter(&own, "state").unwrap();
    let stolen = other.visit(&service, &format!("/v1/oauth/callback?code={code}&state={state}")).await;
    assert_eq!(stolen.location(), "/login?error=wechat_code_invalid");
    assert_eq!(service.sandbox.calls(Api::SnsAccessToken), calls, "WeChat is not even asked");
}

#[tokio::test]
async fn a_name_that_wechat_does_not_tell_stops_nobody() {
    let service = Setup::every_channel().start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    service.sandbox.fail(Api::SnsUserinfo, &Fault::Errcode { errcode: 48001 }, 1);
    login_to_go_on_with(&come_back(&service, &mut browser, &ming, "channel=website").await);
}

#[tokio::test]
async fn a_mini_program_is_told_what_is_wrong_with_its_code() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    for code in ["", " ", "a b", &"x".repeat(600), "nobody-made-it"] {
        let answer = Device::ask(&service, json!({"channel": "mini_program", "code": code})).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (422, "wechat_code_invalid"), "{code:?}");
    }
    assert_eq!(service.sandbox.calls(Api::Jscode2session), 1, "only for what may be a code");
    let missing = Device::ask(&service, json!({"channel": "mini_program"})).await;
    assert_eq!(missing.problem(), "body_invalid");
    let superfluous = Device::ask(&service, json!({"channel": "website", "code": "x"})).await;
    assert_eq!(superfluous.problem(), "body_invalid");

    service.sandbox.fail(Api::Jscode2session, &Fault::Close, 1);
    let code = ming.wx_login("mini").unwrap();
    let body = json!({"channel": "mini_program", "code": code});
    assert_eq!(Device::ask(&service, body.clone()).await.problem(), "wechat_unavailable");
    assert_eq!(Device::ask(&service, body).await.problem(), "wechat_code_invalid", "it is not tried again");
    assert_eq!(service.sandbox.calls(Api::Jscode2session), 2);
    assert_eq!(open_mini_program(&service, &ming).await.says(), "unregistered");

    ming.set_high_risk(true).unwrap();
    let risky = open_mini_program(&service, &ming).await;
    assert_eq!((risky.status.as_u16(), risky.problem()), (502, "wechat_refused"));
    assert!(risky.text.contains("40226"), "{}", risky.text);
}
