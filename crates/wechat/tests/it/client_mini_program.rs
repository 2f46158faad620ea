//! Mini programs: who opened one, and the person's phone number.

use std::time::Duration;

use saoma_domain::account::PhoneNumber;
use saoma_domain::login::LoginId;
use saoma_domain::ports::{MiniProgram, OAuth as _, OfficialAccount as _, WechatError};
use saoma_domain::wechat::{AppName, MiniProgramUser, RawUnionId};
use serde_json::{Value, json};

use crate::fake_wechat::{
    FakeWechat, JS_CODE_PATH, MINI_ID, MINI_SECRET, PHONE_PATH, SCENE, TOKEN_PATH, answer, app, errcode,
    mini, mobile, openid, refused_with, site, token, unavailable_for,
};
use crate::support::OPENID;

const KEY: &str = "48WWbUfVNtlEQJ5v77ypUA==";

fn phone_info() -> Value {
    json!({
        "errcode": 0, "errmsg": "ok",
        "phone_info": {
            "phoneNumber": "13800138000", "purePhoneNumber": "13800138000", "countryCode": 86,
            "watermark": {"timestamp": 1_763_610_001, "appid": MINI_ID},
        },
    })
}

async fn exchange(wechat: &FakeWechat) -> Result<MiniProgramUser, WechatError> {
    MiniProgram::exchange(wechat.client.as_ref(), &mini(), "js-code").await
}

async fn phone(wechat: &FakeWechat) -> Result<String, WechatError> {
    let number = wechat.client.phone_number(&mini(), &openid(), "phone-code").await;
    number.map(|number| number.expect("a mobile number").e164().to_owned())
}

#[tokio::test]
async fn a_code_brings_the_person_and_the_session_key() {
    let wechat = FakeWechat::start().await;
    let full = json!({"openid": OPENID, "session_key": KEY, "unionid": "o6_bmUnion", "errcode": 0});
    let unbound = json!({"openid": OPENID, "session_key": KEY, "expires_in": 7200});
    wechat.answer(JS_CODE_PATH, vec![answer(full), answer(unbound)]).await;
    let user = exchange(&wechat).await.unwrap();
    assert_eq!((user.openid, user.unionid), (openid(), RawUnionId::parse("o6_bmUnion").ok()));
    assert_eq!(user.session_key.reveal(), KEY);
    assert_eq!(exchange(&wechat).await.unwrap().unionid, None);
    assert_eq!(
        wechat.requests(JS_CODE_PATH).await[0].url.query().unwrap(),
        format!("appid={MINI_ID}&secret={MINI_SECRET}&js_code=js-code&grant_type=authorization_code"),
    );
    assert_eq!(wechat.count(TOKEN_PATH).await, 0, "the secret is enough");
}

#[tokio::test]
async fn a_phone_code_is_sent_in_the_body_with_the_person_it_has_to_be_of() {
    let wechat = FakeWechat::with_token().await;
    wechat.answer(PHONE_PATH, vec![answer(phone_info())]).await;
    assert_eq!(phone(&wechat).await.unwrap(), "+8613800138000");
    let request = &wechat.requests(PHONE_PATH).await[0];
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(request.url.query(), Some("access_token=token-1"));
    assert_eq!(body, json!({"code": "phone-code", "openid": OPENID}));
}

async fn phone_answered(pointer: &str, value: Value) -> Result<Option<PhoneNumber>, WechatError> {
    let mut answered = phone_info();
    *answered.pointer_mut(pointer).unwrap() = value;
    let wechat = FakeWechat::with_token().await;
    wechat.answer(PHONE_PATH, vec![answer(answered)]).await;
    let number = wechat.client.phone_number(&mini(), &openid(), "phone-code").await;
    assert_eq!(wechat.count(PHONE_PATH).await, 1, "{pointer}");
    number
}

#[tokio::test]
async fn a_number_for_another_app_is_no_answer() {
    unavailable_for(phone_answered("/phone_info/watermark/appid", json!("wx0000")).await);
}

#[tokio::test]
async fn a_number_that_no_mobile_phone_has_is_none_and_no_failure_that_passes() {
    for (pointer, value) in [
        ("/phone_info/phoneNumber", json!("13800138001")),
        ("/phone_info/phoneNumber", json!("")),
        ("/phone_info/purePhoneNumber", json!("1062552000")),
        ("/phone_info/countryCode", json!("999")),
        ("/phone_info/countryCode", json!(null)),
        ("/phone_info/countryCode", json!([])),
    ] {
        assert_eq!(phone_answered(pointer, value).await, Ok(None), "{pointer}");
    }
}

#[tokio::test]
async fn a_phone_code_goes_out_again_only_with_a_new_token_and_once() {
    for code in [40001, 40014, 42001] {
        let wechat = FakeWechat::start().await;
        wechat.answer(TOKEN_PATH, vec![token("token-1", 7200), token("token-2", 7200)]).await;
        wechat.answer(PHONE_PATH, vec![errcode(code), answer(phone_info())]).await;
        assert_eq!(phone(&wechat).await.unwrap(), "+8613800138000");
        assert_eq!(wechat.tokens_used(PHONE_PATH).await, ["token-1", "token-2"]);

        let wechat = FakeWechat::with_token().await;
        wechat.answer(PHONE_PATH, vec![errcode(code)]).await;
        assert_eq!(refused_with(phone(&wechat).await).0, code);
        assert_eq!(wechat.count(PHONE_PATH).await, 2);
    }
}

#[tokio::test]
async fn one_persons_used_up_minute_keeps_no_other_person_out() {
    let wechat = FakeWechat::with_token().await;
    let user = json!({"openid": OPENID, "session_key": KEY});
    wechat.answer(JS_CODE_PATH, vec![errcode(45011), answer(user)]).await;
    wechat.answer(PHONE_PATH, vec![errcode(45011), answer(phone_info())]).await;
    let (_, retry_after) = unavailable_for(exchange(&wechat).await);
    assert_eq!(retry_after.as_secs(), 40, "the clock is 20 s into its minute");
    exchange(&wechat).await.unwrap();
    unavailable_for(phone(&wechat).await);
    phone(&wechat).await.unwrap();
}

#[tokio::test]
async fn a_probe_fetches_the_token_of_a_mini_program() {
    let wechat = FakeWechat::with_token().await;
    assert_eq!(wechat.client.probe(&mini()).await, Ok(()));
    for app in [site(), mobile()] {
        assert_eq!(wechat.client.probe(&app).await, Err(WechatError::UnknownApp), "it has no token");
    }
    assert_eq!(wechat.count(TOKEN_PATH).await, 1);
}

#[tokio::test]
async fn an_app_of_another_kind_is_unknown() {
    let wechat = FakeWechat::start().await;
    let unknown = |error: Option<WechatError>| assert_eq!(error, Some(WechatError::UnknownApp));
    for app in [app(), site(), mobile(), AppName::parse("stranger").unwrap()] {
        unknown(MiniProgram::exchange(wechat.client.as_ref(), &app, "c").await.err());
        unknown(wechat.client.phone_number(&app, &openid(), "c").await.err());
    }
    for app in [mini(), site(), mobile()] {
        unknown(wechat.client.create_qr(&app, SCENE, Duration::from_secs(60)).await.err());
        unknown(wechat.client.follower(&app, &openid(), Duration::from_secs(60)).await.err());
    }
    let state = LoginId::from_store(&"A".repeat(LoginId::CHARS)).unwrap();
    for app in [mini(), mobile()] {
        unknown(wechat.client.authorization(&app, "https://a/", state).err());
    }
    assert_eq!(wechat.server.received_requests().await.unwrap().len(), 0);
}
