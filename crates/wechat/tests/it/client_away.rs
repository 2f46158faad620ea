//! A WeChat that hangs, and gateways that do not reach it.

use std::time::Duration;

use saoma_domain::ports::OfficialAccount as _;
use wiremock::ResponseTemplate;

use crate::fake_wechat::{
    FakeWechat, QR_PATH, TOKEN_PATH, USER_PATH, app, openid, qr, token, unavailable_for,
};

/// Long enough for every answer but one that never comes.
const TIMEOUT: Duration = Duration::from_secs(2);

fn hangs() -> ResponseTemplate {
    qr().set_delay(Duration::from_secs(600))
}

async fn wechat(answers: Vec<ResponseTemplate>) -> FakeWechat {
    let wechat = FakeWechat::with_timeout(TIMEOUT).await;
    wechat.answer(TOKEN_PATH, vec![token("token-1", 7200)]).await;
    wechat.answer(QR_PATH, answers).await;
    wechat
}

#[tokio::test]
async fn a_gateway_that_fails_is_asked_once_more() {
    for status in [500, 502, 503, 504] {
        let wechat = wechat(vec![ResponseTemplate::new(status), qr()]).await;
        wechat.create_qr().await.unwrap();
        assert_eq!(wechat.count(QR_PATH).await, 2, "{status}");
    }
    let wechat = wechat(vec![ResponseTemplate::new(502)]).await;
    let (reason, _) = unavailable_for(wechat.create_qr().await);
    assert_eq!((reason.as_str(), wechat.count(QR_PATH).await), ("the answer has HTTP status 502", 2));
}

#[tokio::test]
async fn after_three_calls_without_an_answer_the_others_fail_at_once() {
    let wechat = wechat(vec![hangs()]).await;
    tokio::join!(wechat.create_qr(), wechat.create_qr(), wechat.create_qr()).0.unwrap_err();
    for _ in 0..50 {
        let (_, retry_after) = unavailable_for(wechat.create_qr().await);
        assert_eq!(retry_after, Duration::from_secs(5));
    }
    assert_eq!(wechat.count(QR_PATH).await, 3, "none of the others was made");
    wechat.answer(USER_PATH, vec![ResponseTemplate::new(200)]).await;
    unavailable_for(wechat.follower().await);
    assert_eq!(wechat.count(USER_PATH).await, 1, "other calls go on");
}

#[tokio::test]
async fn one_call_tries_whether_wechat_is_back_and_then_all_go_through() {
    let wechat = wechat(vec![hangs(), hangs(), hangs(), qr()]).await;
    tokio::join!(wechat.create_qr(), wechat.create_qr(), wechat.create_qr()).0.unwrap_err();
    wechat.clock.advance(4);
    unavailable_for(wechat.create_qr().await);
    wechat.clock.advance(1);
    let (first, second) = tokio::join!(wechat.create_qr(), wechat.create_qr());
    first.unwrap();
    unavailable_for(second);
    let (first, second) = tokio::join!(wechat.create_qr(), wechat.create_qr());
    first.and(second).unwrap();
    assert_eq!(wechat.count(QR_PATH).await, 6);
}

#[tokio::test]
async fn a_caller_that_waits_for_less_says_nothing_about_wechat() {
    let wechat = wechat(vec![qr()]).await;
    wechat.answer(USER_PATH, vec![hangs()]).await;
    for _ in 0..5 {
        let within = Duration::from_millis(50);
        unavailable_for(wechat.client.follower(&app(), &openid(), within).await);
    }
    assert_eq!(wechat.count(USER_PATH).await, 5);
}
