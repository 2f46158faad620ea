//! The round code of a mini program: an image or a refusal.

use saoma_domain::ports::{MiniProgram as _, WechatError};
use saoma_domain::wechat::AppName;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::fake_wechat::{
    FakeWechat, LOGIN_CODE_PATH, TOKEN_PATH, answer, app, errcode, mini, mobile, other_mini, refused_with,
    site, token, tried_mini, unavailable_for,
};

/// The id of a login has as many characters as a scene may have.
const SCENE: &str = "-_3f1c9a0b7d52oLq7Z5kT9vXc2Bn4Mf";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\nwhatever stands in it";

fn picture(kind: &str, bytes: &[u8]) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(bytes, kind)
}

async fn code(wechat: &FakeWechat, app: &AppName) -> Result<Vec<u8>, WechatError> {
    wechat.client.login_code(app, SCENE).await.map(|code| code.picture)
}

async fn answered(answers: Vec<ResponseTemplate>) -> Result<Vec<u8>, WechatError> {
    let wechat = FakeWechat::with_token().await;
    wechat.answer(LOGIN_CODE_PATH, answers).await;
    code(&wechat, &mini()).await
}

#[tokio::test]
async fn the_scene_and_the_page_are_sent_and_the_picture_comes_as_it_is() {
    let wechat = FakeWechat::with_token().await;
    wechat.answer(LOGIN_CODE_PATH, vec![picture("image/png", PNG)]).await;
    assert_eq!(code(&wechat, &mini()).await.unwrap(), PNG);
    assert_eq!(code(&wechat, &tried_mini()).await.unwrap(), PNG);
    let requests = wechat.requests(LOGIN_CODE_PATH).await;
    assert_eq!(requests[0].url.query(), Some("access_token=token-1"));
    let bodies: Vec<Value> =
        requests.iter().map(|request| serde_json::from_slice(&request.body).unwrap()).collect();
    let expected = |check_path: bool, version: &str| {
        json!({
            "scene": SCENE, "page": "pages/login/login", "check_path": check_path, "env_version": version,
            "width": 480, "is_hyaline": true,
        })
    };
    assert_eq!(bodies, [expected(true, "release"), expected(false, "trial")]);
}

#[tokio::test]
async fn a_picture_is_known_by_its_bytes_and_not_by_what_wechat_calls_it() {
    let jpeg = b"\xff\xd8\xff\xe0\x00\x10JFIF";
    assert_eq!(answered(vec![picture("text/plain", PNG)]).await.unwrap(), PNG);
    assert_eq!(answered(vec![picture("image/jpeg", jpeg)]).await.unwrap(), jpeg);
    for no_picture in [&b"GIF89a"[..], b"", b"<html></html>", b"{}", b"{\"errcode\":0,\"errmsg\":\"ok\"}"] {
        unavailable_for(answered(vec![picture("image/png", no_picture)]).await);
    }
}

#[tokio::test]
async fn a_refusal_says_what_to_do() {
    let (errcode_told, advice) = refused_with(answered(vec![errcode(41030)]).await);
    assert_eq!(errcode_told, 41030);
    assert!(advice.contains("login_page"), "{advice}");
    assert_eq!(refused_with(answered(vec![errcode(40097)]).await).0, 40097);
    assert_eq!(refused_with(answered(vec![errcode(48001)]).await).0, 48001);
}

#[tokio::test]
async fn a_used_up_quota_is_that_of_the_minute_and_no_more_calls_are_made_in_it() {
    let wechat = FakeWechat::with_token().await;
    wechat.answer(LOGIN_CODE_PATH, vec![errcode(45009), picture("image/png", PNG)]).await;
    for _ in 0..2 {
        let (reason, retry_after) = unavailable_for(code(&wechat, &mini()).await);
        assert!(reason.contains("minute"), "{reason}");
        assert_eq!(retry_after.as_secs(), 40, "the clock is 20 s into its minute");
    }
    assert_eq!(wechat.count(LOGIN_CODE_PATH).await, 1);
    wechat.clock.advance(40);
    assert_eq!(code(&wechat, &mini()).await.unwrap(), PNG);
}

#[tokio::test]
async fn a_dead_token_is_renewed_and_a_busy_wechat_asked_again() {
    let wechat = FakeWechat::start().await;
    wechat.answer(TOKEN_PATH, vec![token("token-1", 7200), token("token-2", 7200)]).await;
    wechat.answer(LOGIN_CODE_PATH, vec![errcode(40001), errcode(-1), picture("image/png", PNG)]).await;
    assert_eq!(code(&wechat, &mini()).await.unwrap(), PNG);
    assert_eq!(wechat.tokens_used(LOGIN_CODE_PATH).await, ["token-1", "token-2", "token-2"]);
}

#[tokio::test]
async fn only_a_mini_program_with_a_page_has_codes() {
    let wechat = FakeWechat::start().await;
    for other in [app(), site(), mobile(), other_mini()] {
        assert_eq!(code(&wechat, &other).await, Err(WechatError::UnknownApp), "{other}");
    }
    assert_eq!(wechat.server.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_picture_that_is_too_large_is_not_read() {
    let mut large = PNG.to_vec();
    large.resize(300 * 1024, 0);
    unavailable_for(answered(vec![picture("image/png", &large)]).await);
    unavailable_for(answered(vec![answer(json!([]))]).await);
}
