//! Codes that come in often at the same time are exchanged once.

use futures_util::future::join_all;
use saoma_sandbox::Api;
use serde_json::json;

use crate::harness::{
    Answer, Browser, Device, Service, Setup, eventually, login_to_go_on_with, open_mini_program, parameter,
};

const COPIES: usize = 50;

/// Asks until the service is not too busy to answer: it says 503 then, and that nothing was lost.
async fn until_answered(mut ask: impl AsyncFnMut() -> Answer) -> Answer {
    eventually("the service answers", async || {
        let answer = ask().await;
        let busy = answer.status == 503 && answer.problem() == "store_unavailable";
        (!busy).then_some(answer)
    })
    .await
}

/// Loads an address of the service as often as it takes to be answered.
async fn load(service: &Service, browser: &mut Browser, address: &str) -> Answer {
    until_answered(async || browser.visit(service, address).await).await
}

#[tokio::test]
async fn fifty_loads_of_one_return_are_one_exchange_and_fifty_same_redirects() {
    let service = Setup::every_door().start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let page = browser.authorize(&service, "channel=website&return_to=/a").await;
    let back = ming.allow(&page).unwrap();
    let loads = (0..COPIES).map(|_| {
        let mut browser = browser.clone();
        let (service, back) = (&service, &back);
        async move { load(service, &mut browser, back.as_str()).await }
    });
    let answers = join_all(loads).await;
    let expected = answers[0].location().to_owned();
    login_to_go_on_with(&answers[0]);
    for answer in &answers {
        assert_eq!(answer.location(), expected);
    }
    assert_eq!(service.sandbox.calls(Api::SnsAccessToken), 1);
}

#[tokio::test]
async fn fifty_browsers_with_one_code_are_one_exchange() {
    let service = Setup::every_door().set("limits.logins_per_ip_burst", 0).start().await;
    let (ming, mut first) = (service.person("ming"), Browser::new());
    let page = first.authorize(&service, "channel=website").await;
    let code = ming.allow(&page).unwrap();
    let code = parameter(code.as_str(), "code").unwrap();
    let stolen = (0..COPIES).map(|_| {
        let (service, code) = (&service, &code);
        async move {
            let mut browser = Browser::new();
            let own = browser.authorize(service, "channel=website").await;
            let state = parameter(&own, "state").unwrap();
            load(service, &mut browser, &format!("/v1/oauth/callback?code={code}&state={state}")).await
        }
    });
    let answers = join_all(stolen).await;
    let went_on = answers.iter().filter(|answer| answer.location().contains("login=")).count();
    assert_eq!(went_on, 1, "a code is one browser's");
    let lost =
        answers.iter().filter(|answer| answer.location() == "/login?error=wechat_code_invalid").count();
    assert_eq!(lost, COPIES - 1);
    assert_eq!(service.sandbox.calls(Api::SnsAccessToken), 1);
}

#[tokio::test]
async fn fifty_openings_of_a_mini_program_with_one_code_are_one_exchange() {
    let service = Setup::every_door().set("limits.logins_per_ip_burst", 0).start().await;
    let code = service.person("ming").wx_login("mini").unwrap();
    let wish = json!({"channel": "mini_program", "code": code});
    let asks = (0..COPIES).map(|_| until_answered(async || Device::ask(&service, wish.clone()).await));
    let answers = join_all(asks).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!((answer.status.as_u16(), answer.problem()), (422, "wechat_code_invalid"));
    }
    assert_eq!(service.sandbox.calls(Api::Jscode2session), 1);
}

#[tokio::test]
async fn fifty_times_one_phone_code_are_one_exchange_and_one_session() {
    let service = Setup::every_door().start().await;
    let ming = service.person("ming");
    let device = Device::started(&open_mini_program(&service, &ming).await);
    let proof = json!({"code": ming.phone_code("mini").unwrap()});
    let asks =
        (0..COPIES).map(|_| until_answered(async || device.bind_wechat(&service, proof.clone()).await));
    let answers = join_all(asks).await;
    for answer in &answers {
        assert_eq!(answer.says(), "registered", "{}", answer.text);
        assert_eq!(answer.token(), answers[0].token());
    }
    assert_eq!(service.sandbox.calls(Api::Getuserphonenumber), 1);
}
