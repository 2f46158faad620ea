//! Access tokens: fetched once, renewed in time, replaced when WeChat refuses them.

use std::sync::Arc;
use std::time::Duration;

use saoma_domain::ports::WechatError;
use saoma_domain::wechat::AppName;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use wiremock::ResponseTemplate;

use crate::fake_wechat::{
    FakeWechat, QR_PATH, SECRET, TOKEN_PATH, USER_PATH, answer, app, errcode, other_app, qr, refused_with,
    token, unavailable_for,
};

/// Makes 50 calls at once and returns how many worked.
async fn fifty(wechat: &Arc<FakeWechat>) -> usize {
    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let wechat = Arc::clone(wechat);
        calls.spawn(async move { wechat.create_qr().await });
    }
    calls.join_all().await.into_iter().filter(Result::is_ok).count()
}

#[tokio::test]
async fn fifty_parallel_calls_fetch_one_token() {
    let wechat = Arc::new(FakeWechat::start().await);
    let slow = token("token-1", 7200).set_delay(Duration::from_millis(100));
    wechat.answer(TOKEN_PATH, vec![slow]).await;
    wechat.answer(QR_PATH, vec![qr()]).await;
    assert_eq!(fifty(&wechat).await, 50);
    assert_eq!(wechat.count(TOKEN_PATH).await, 1);
    assert_eq!(wechat.count(QR_PATH).await, 50);
}

#[tokio::test]
async fn a_token_is_asked_for_in_normal_mode_with_the_secret_in_the_body() {
    let wechat = FakeWechat::with_token().await;
    wechat.answer(QR_PATH, vec![qr()]).await;
    wechat.create_qr().await.unwrap();
    let request = &wechat.requests(TOKEN_PATH).await[0];
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    let expected = json!({
        "grant_type": "client_credential",
        "appid": crate::support::APP_ID,
        "secret": SECRET,
        "force_refresh": false,
    });
    assert_eq!((request.method.as_str(), body), ("POST", expected));
    assert_eq!(request.url.query(), None);
}

#[tokio::test]
async fn each_app_has_its_own_token() {
    let wechat = FakeWechat::start().await;
    wechat.answer(TOKEN_PATH, vec![token("token-1", 7200), token("token-2", 7200)]).await;
    wechat.answer(QR_PATH, vec![qr()]).await;
    wechat.client.probe(&app()).await.unwrap();
    wechat.client.probe(&other_app()).await.unwrap();
    wechat.create_qr().await.unwrap();
    assert_eq!(wechat.tokens_used(QR_PATH).await, ["token-1"]);
}

#[tokio::test]
async fn a_token_whose_time_is_up_is_not_used() {
    let wechat = FakeWechat::start().await;
    wechat.answer(TOKEN_PATH, vec![token("token-1", 7200), token("token-2", 7200)]).await;
    wechat.answer(QR_PATH, vec![qr()]).await;
    wechat.create_qr().await.unwrap();
    wechat.clock.advance(7200);
    wechat.create_qr().await.unwrap();
    assert_eq!(wechat.tokens_used(QR_PATH).await, ["token-1", "token-2"]);
}

#[tokio::test]
async fn a_token_that_expires_soon_is_served_while_another_is_fetched() {
    let wechat = FakeWechat::start().await;
    let never = token("never", 7200).set_delay(Duration::from_secs(600));
    wechat.answer(TOKEN_PATH, vec![token("token-1", 7200), never]).await;
    wechat.answer(QR_PATH, vec![qr()]).await;
    wechat.create_qr().await.unwrap();
    wechat.clock.advance(7200 - 299);
    for _ in 0..3 {
        wechat.create_qr().await.unwrap();
    }
    assert_eq!(wechat.tokens_used(QR_PATH).await, ["token-1"; 4]);
    eventually(|| async { wechat.count(TOKEN_PATH).await == 2 }).await;
}

#[tokio::test]
async fn the_token_fetched_beside_replaces_the_old_one() {
    let wechat = FakeWechat::start().await;
    wechat.answer(TOKEN_PATH, vec![token("token-1", 7200), token("token-2", 7200)]).await;
    wechat.answer(QR_PATH, vec![qr()]).await;
    wechat.create_qr().await.unwrap();
    wechat.clock.advance(7200 - 301);
    wechat.create_qr().await.unwrap();
    assert_eq!(wechat.count(TOKEN_PATH).await, 1, "more than five minutes are left");
    wechat.clock.advance(2);
    eventually(|| async {
        wechat.create_qr().await.unwrap();
        wechat.tokens_used(QR_PATH).await.last().is_some_and(|token| token == "token-2")
    })
    .await;
    assert_eq!(wechat.count(TOKEN_PATH).await, 2);
}

#[tokio::test]
async fn an_early_refresh_that_fails_is_not_tried_at_every_call() {
    let wechat = FakeWechat::start().await;
    wechat.answer(TOKEN_PATH, vec![token("token-1", 7200), ResponseTemplate::new(502)]).await;
    wechat.answer(QR_PATH, vec![qr()]).await;
    wechat.create_qr().await.unwrap();
    wechat.clock.advance(7000);
    wechat.create_qr().await.unwrap();
    // A 502 is repeated once by itself.
    eventually(|| async { wechat.count(TOKEN_PATH).await == 3 }).await;
    for _ in 0..20 {
        wechat.create_qr().await.unwrap();
    }
    assert_eq!(wechat.count(TOKEN_PATH).await, 3);
    wechat.clock.advance(11);
    wechat.create_qr().await.unwrap();
    eventually(|| async { wechat.count(TOKEN_PATH).await > 3 }).await;
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_the_call_repeated_once() {
    for code in [40001, 40014, 42001] {
        let wechat = FakeWechat::start().await;
        wechat.answer(TOKEN_PATH, vec![token("token-1", 7200), token("token-2", 7200)]).await;
        wechat.answer(QR_PATH, vec![errcode(code), qr()]).await;
        wechat.create_qr().await.unwrap();
        assert_eq!(wechat.tokens_used(QR_PATH).await, ["token-1", "token-2"], "{code}");
        assert_eq!(wechat.count(TOKEN_PATH).await, 2);
    }
}

#[tokio::test]
async fn a_call_refused_twice_is_reported_and_not_repeated_again() {
    for code in [40001, 40014, 42001] {
        let wechat = FakeWechat::start().await;
        wechat.answer(TOKEN_PATH, vec![token("token-1", 7200), token("token-2", 7200)]).await;
        wechat.answer(USER_PATH, vec![errcode(code)]).await;
        let (errcode, advice) = refused_with(wechat.follower().await);
        assert_eq!(errcode, code);
        assert!(advice.contains("access token") && advice.contains("[rid 6740a1b2-"), "{advice}");
        assert_eq!(wechat.count(USER_PATH).await, 2);
        assert_eq!(wechat.count(TOKEN_PATH).await, 2);
    }
}

#[tokio::test]
async fn a_refused_token_that_wechat_hands_out_again_is_tried_once_more_and_never_forced() {
    let wechat = FakeWechat::with_token().await;
    wechat.answer(QR_PATH, vec![errcode(40001), qr()]).await;
    wechat.create_qr().await.unwrap();
    assert_eq!(wechat.count(QR_PATH).await, 2);
    assert_eq!(wechat.count(TOKEN_PATH).await, 2);
    for request in wechat.requests(TOKEN_PATH).await {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body["force_refresh"], false);
    }
}

#[tokio::test]
async fn fifty_calls_with_a_dead_token_fetch_one_new_token() {
    let wechat = Arc::new(FakeWechat::start().await);
    wechat.answer(TOKEN_PATH, vec![token("token-1", 7200), token("token-2", 7200)]).await;
    let by_token = |request: &wiremock::Request| {
        if request.url.query().is_some_and(|query| query.contains("token-1")) { errcode(42001) } else { qr() }
    };
    let qr_mock = wiremock::Mock::given(wiremock::matchers::path(QR_PATH)).respond_with(by_token);
    qr_mock.mount(&wechat.server).await;
    assert_eq!(fifty(&wechat).await, 50);
    assert_eq!(wechat.count(TOKEN_PATH).await, 2);
}

#[tokio::test]
async fn a_probe_says_what_is_wrong() {
    let whitelist = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6740a1b2";
    for (code, errmsg, words) in [
        (40001, "", "the app secret is wrong"),
        (40013, "", "the app id does not exist"),
        (40125, "invalid appsecret", "the app secret is wrong"),
        (40164, whitelist, "(it is 203.0.113.7) [rid 6740a1b2]"),
        (40243, "", "unfreeze it"),
        (89503, "", "the administrator"),
        (77777, "what is new rid: 6740a1b2", "look it up in WeChat's list of return codes [rid 6740a1b2]"),
    ] {
        let wechat = FakeWechat::start().await;
        wechat.answer(TOKEN_PATH, vec![answer(json!({"errcode": code, "errmsg": errmsg}))]).await;
        let (errcode, advice) = refused_with(wechat.client.probe(&app()).await);
        assert_eq!(errcode, code);
        assert!(advice.contains(words), "{advice}");
        assert_eq!(wechat.count(TOKEN_PATH).await, 1, "{code}");
    }
    let wechat = FakeWechat::with_token().await;
    assert_eq!(wechat.client.probe(&app()).await, Ok(()));
}

#[tokio::test]
async fn a_token_that_is_empty_or_over_is_no_answer() {
    for odd in
        [token("", 7200), token("token-1", 0), token("token-1", -5), answer(json!({"expires_in": 7200}))]
    {
        let wechat = FakeWechat::start().await;
        wechat.answer(TOKEN_PATH, vec![odd]).await;
        unavailable_for(wechat.client.probe(&app()).await);
    }
}

#[tokio::test]
async fn an_app_that_is_not_configured_is_unknown() {
    let wechat = FakeWechat::start().await;
    let stranger = AppName::parse("stranger").unwrap();
    assert_eq!(wechat.client.probe(&stranger).await, Err(WechatError::UnknownApp));
}

/// Waits until a condition holds, and fails when it does not within seconds.
async fn eventually<F: Future<Output = bool>>(condition: impl Fn() -> F) {
    let wait = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait).await.expect("the condition never held");
}
