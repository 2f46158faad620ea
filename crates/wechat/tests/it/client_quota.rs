//! Used-up quotas: WeChat is left alone until the next minute.

use std::sync::Arc;
use std::time::Duration;

use saoma_domain::ports::OfficialAccount as _;
use serde_json::json;
use tokio::task::JoinSet;

use crate::fake_wechat::{
    FakeWechat, QR_PATH, SCENE, TOKEN_PATH, USER_PATH, answer, app, errcode, other_app, qr, refused_with,
    unavailable_for,
};

#[tokio::test]
async fn a_used_up_minute_stops_the_calls_until_the_next_one_starts() {
    let wechat = FakeWechat::with_token().await;
    wechat.answer(QR_PATH, vec![errcode(45011), qr()]).await;
    let (_, retry_after) = unavailable_for(wechat.create_qr().await);
    assert_eq!(retry_after, Duration::from_secs(40), "the clock is 20 s into its minute");
    wechat.clock.advance(39);
    let (_, retry_after) = unavailable_for(wechat.create_qr().await);
    assert_eq!(retry_after, Duration::from_secs(1));
    assert_eq!(wechat.count(QR_PATH).await, 1);
    wechat.clock.advance(1);
    wechat.create_qr().await.unwrap();
    wechat.create_qr().await.unwrap();
    assert_eq!(wechat.count(QR_PATH).await, 3);
}

#[tokio::test]
async fn a_used_up_day_costs_at_most_two_calls_a_minute_however_many_ask() {
    let wechat = Arc::new(FakeWechat::with_token().await);
    wechat.answer(QR_PATH, vec![errcode(45009)]).await;
    let (errcode, advice) = refused_with(wechat.create_qr().await);
    assert_eq!(errcode, 45009);
    assert!(advice.contains("quota of the day"), "{advice}");
    for minute in 1..=3 {
        wechat.clock.advance(60);
        let mut calls = JoinSet::new();
        for _ in 0..50 {
            let wechat = Arc::clone(&wechat);
            calls.spawn(async move { wechat.create_qr().await });
        }
        for result in calls.join_all().await {
            assert_eq!(refused_with(result).0, 45009);
        }
        let calls = wechat.count(QR_PATH).await;
        assert!(calls <= 1 + 2 * minute, "{calls} calls in {minute} minutes");
    }
}

#[tokio::test]
async fn all_go_through_at_once_when_the_quota_is_back() {
    let wechat = Arc::new(FakeWechat::with_token().await);
    wechat.answer(QR_PATH, vec![errcode(45011), qr()]).await;
    unavailable_for(wechat.create_qr().await);
    wechat.clock.advance(40);
    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let wechat = Arc::clone(&wechat);
        calls.spawn(async move { wechat.create_qr().await });
    }
    assert!(calls.join_all().await.iter().all(Result::is_ok));
}

#[tokio::test]
async fn one_quota_stops_neither_another_api_nor_another_app() {
    let wechat = FakeWechat::with_token().await;
    wechat.answer(QR_PATH, vec![errcode(45009), qr()]).await;
    wechat.answer(USER_PATH, vec![answer(json!({"subscribe": 1}))]).await;
    refused_with(wechat.create_qr().await);
    wechat.follower().await.unwrap();
    wechat.client.create_qr(&other_app(), SCENE, Duration::from_secs(120)).await.unwrap();
    refused_with(wechat.create_qr().await);
}

#[tokio::test]
async fn a_wrong_secret_is_not_sent_again_before_the_next_minute() {
    let wechat = FakeWechat::start().await;
    wechat.answer(TOKEN_PATH, vec![errcode(40125)]).await;
    for _ in 0..5 {
        assert_eq!(refused_with(wechat.create_qr().await).0, 40125);
        assert_eq!(refused_with(wechat.client.probe(&app()).await).0, 40125);
    }
    assert_eq!(wechat.count(TOKEN_PATH).await, 1);
    wechat.clock.advance(60);
    refused_with(wechat.create_qr().await);
    assert_eq!(wechat.count(TOKEN_PATH).await, 2);
}

#[tokio::test]
async fn an_ordinary_refusal_after_the_block_opens_it_again() {
    let wechat = FakeWechat::with_token().await;
    wechat.answer(QR_PATH, vec![errcode(45011), errcode(40053), qr()]).await;
    unavailable_for(wechat.create_qr().await);
    wechat.clock.advance(40);
    assert_eq!(refused_with(wechat.create_qr().await).0, 40053);
    wechat.create_qr().await.unwrap();
}
