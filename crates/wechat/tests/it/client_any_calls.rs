//! Calls that logins do not need.

use saoma_domain::ports::{AppApi, AppCall, WechatError};
use serde_json::{Value, json};

use crate::fake_wechat::{FakeWechat, TOKEN_PATH, answer, app, errcode, token};

const SEND: &str = "/cgi-bin/message/template/send";

fn send() -> AppCall {
    AppCall {
        path: SEND,
        parameters: json!({"touser": "oAnna", "data": {"a": 1}}).to_string(),
        is_post: true,
        is_repeatable: false,
    }
}

#[tokio::test]
async fn any_call_is_made_with_the_shared_token_and_repeated_with_another_one() {
    let wechat = FakeWechat::start().await;
    wechat.answer(TOKEN_PATH, vec![token("token-1", 7200), token("token-2", 7200)]).await;
    let done = answer(json!({"errcode": 0, "errmsg": "ok", "msgid": 7}));
    wechat.answer(SEND, vec![errcode(40001), done]).await;
    let said = wechat.client.call(&app(), &send()).await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap(), json!({"msgid": 7}));
    let sent = wechat.requests(SEND).await;
    let queries: Vec<_> = sent.iter().map(|request| request.url.query().unwrap()).collect();
    assert_eq!(queries, ["access_token=token-1", "access_token=token-2"]);
    let body: Value = serde_json::from_slice(&sent[0].body).unwrap();
    assert_eq!(body, json!({"touser": "oAnna", "data": {"a": 1}}));
    let token = wechat.client.access_token(&app(), false).await.unwrap();
    assert_eq!(token.value.as_str(), "token-2");
    assert!(!format!("{token:?}").contains("token-2"));
    assert_eq!(wechat.count(TOKEN_PATH).await, 2);
}

#[tokio::test]
async fn a_quota_that_is_used_up_stops_this_call_alone() {
    let wechat = FakeWechat::with_token().await;
    wechat.answer(SEND, vec![errcode(45009)]).await;
    wechat.answer("/cgi-bin/tags/get", vec![answer(json!({"tags": []}))]).await;
    for _ in 0..3 {
        assert!(matches!(
            wechat.client.call(&app(), &send()).await,
            Err(WechatError::Refused { .. } | WechatError::Unavailable { .. })
        ));
    }
    assert_eq!(wechat.count(SEND).await, 1);
    let tags = AppCall {
        path: "/cgi-bin/tags/get",
        parameters: json!({"x": "a b"}).to_string(),
        is_post: false,
        is_repeatable: true,
    };
    assert_eq!(wechat.client.call(&app(), &tags).await.unwrap(), r#"{"tags":[]}"#);
    let asked = &wechat.requests("/cgi-bin/tags/get").await[0];
    assert_eq!(asked.url.query(), Some("access_token=token-1&x=a+b"));
}

#[tokio::test]
async fn parameters_that_are_no_json_are_sent_nowhere() {
    let wechat = FakeWechat::with_token().await;
    let call = AppCall { parameters: "{".to_owned(), ..send() };
    assert!(matches!(wechat.client.call(&app(), &call).await, Err(WechatError::Unavailable { .. })));
    assert_eq!(wechat.count(SEND).await, 0);
}
