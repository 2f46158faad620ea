//! Web authorization: where people are sent, and who came back.

use std::time::Duration;

use saoma_domain::login::LoginId;
use saoma_domain::ports::{OAuth, WechatError};
use saoma_domain::wechat::{
    AppName, AppProfile, Authorization, AuthorizedUser, Profile, RawUnionId, RefreshToken,
};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::fake_wechat::{
    FakeWechat, GRANT_PATH, MOBILE_ID, MOBILE_SECRET, PROFILE_PATH, REFRESH_PATH, SITE_ID, SITE_SECRET,
    TOKEN_PATH, answer, app, errcode, mini, mobile, openid, other_app, site,
};
use crate::support::{APP_ID, OPENID};

const CODE: &str = "041aBcDe0 +&=/x";
const RETURN: &str = "https://login.example/v1/oauth/callback?a=b c&d=ü~";
const ENCODED: &str = "https%3A%2F%2Flogin.example%2Fv1%2Foauth%2Fcallback%3Fa%3Db%20c%26d%3D%C3%BC~";

/// The id of a login, with the characters in it that are neither letters nor digits.
fn state() -> &'static str {
    &"-_3f1c9a0b7d52oLq7Z5kT9vXc2Bn4Mf8Wd1RjA"[..LoginId::CHARS]
}

fn grant() -> Value {
    json!({
        "access_token": "user-token", "expires_in": 7200, "refresh_token": "refresh", "openid": OPENID,
        "scope": "snsapi_login", "unionid": "o6_bmUnion",
    })
}

fn profile() -> Value {
    json!({
        "openid": OPENID, "nickname": "示例", "sex": 0, "province": "", "city": "", "country": "",
        "headimgurl": "http://thirdwx.qlogo.cn/mmopen/vi_32/sample/132", "privilege": [],
        "unionid": "o6_bmUnion",
    })
}

fn with(mut base: Value, field: &str, value: Value) -> ResponseTemplate {
    base[field] = value;
    answer(base)
}

fn without(mut base: Value, field: &str) -> ResponseTemplate {
    base.as_object_mut().unwrap().remove(field);
    answer(base)
}

fn shown() -> Profile {
    Profile {
        nickname: Some("示例".to_owned()),
        avatar_url: Some("https://thirdwx.qlogo.cn/mmopen/vi_32/sample/132".to_owned()),
    }
}

async fn exchange(wechat: &FakeWechat, app: &AppName) -> Result<AuthorizedUser, WechatError> {
    OAuth::exchange(wechat.client.as_ref(), app, CODE).await
}

/// Starts a WeChat with one answer for the code, and then for the profile.
async fn answering(grant: ResponseTemplate, profile: ResponseTemplate) -> FakeWechat {
    let wechat = FakeWechat::start().await;
    wechat.answer(GRANT_PATH, vec![grant]).await;
    wechat.answer(PROFILE_PATH, vec![profile]).await;
    wechat
}

async fn authorization(app: &AppName) -> Result<Authorization, WechatError> {
    let wechat = FakeWechat::start().await;
    let authorization = wechat.client.authorization(app, RETURN, LoginId::from_store(state()).unwrap());
    assert_eq!(wechat.server.received_requests().await.unwrap().len(), 0);
    authorization
}

#[tokio::test]
async fn a_website_sends_people_to_wechats_qr_code() {
    let url = format!(
        "https://open.weixin.qq.com/connect/qrconnect?appid={SITE_ID}&redirect_uri={ENCODED}\
         &response_type=code&scope=snsapi_login&state={}#wechat_redirect",
        state()
    );
    let expected = Authorization { url, app_id: SITE_ID.to_owned(), scope: "snsapi_login" };
    assert_eq!(authorization(&site()).await, Ok(expected));
}

#[tokio::test]
async fn a_mobile_applications_code_brings_the_person_with_their_profile() {
    let wechat = answering(with(grant(), "scope", json!("snsapi_userinfo")), answer(profile())).await;
    let user = exchange(&wechat, &mobile()).await.unwrap();
    assert_eq!((user.openid, user.unionid), (openid(), RawUnionId::parse("o6_bmUnion").ok()));
    assert_eq!(user.profile, shown());
    let asked = &wechat.requests(GRANT_PATH).await[0];
    let query = asked.url.query().unwrap().to_owned();
    assert!(query.starts_with(&format!("appid={MOBILE_ID}&secret={MOBILE_SECRET}&code=")), "{query}");
    assert_eq!(wechat.count(TOKEN_PATH).await, 0, "the secret is enough");
}

#[tokio::test]
async fn a_page_inside_wechat_asks_for_the_scope_that_is_configured() {
    for (app, app_id, scope) in [(app(), APP_ID, "snsapi_base"), (other_app(), "wx0000", "snsapi_userinfo")] {
        let url = format!(
            "https://open.weixin.qq.com/connect/oauth2/authorize?appid={app_id}&redirect_uri={ENCODED}\
             &response_type=code&scope={scope}&state={}#wechat_redirect",
            state()
        );
        let expected = Authorization { url, app_id: app_id.to_owned(), scope };
        assert_eq!(authorization(&app).await, Ok(expected));
    }
}

#[tokio::test]
async fn a_mini_program_and_a_stranger_have_no_web_authorization() {
    let wechat = FakeWechat::start().await;
    for app in [mini(), AppName::parse("stranger").unwrap()] {
        assert_eq!(authorization(&app).await, Err(WechatError::UnknownApp));
        assert_eq!(exchange(&wechat, &app).await, Err(WechatError::UnknownApp));
    }
}

#[tokio::test]
async fn a_websites_code_brings_the_person_with_name_picture_and_unionid() {
    let wechat = answering(answer(grant()), answer(profile())).await;
    let expected = AuthorizedUser {
        openid: openid(),
        unionid: RawUnionId::parse("o6_bmUnion").ok(),
        profile: shown(),
        details: AppProfile::default(),
        refresh_token: Some(RefreshToken::new("refresh".to_owned())),
        is_snapshot: false,
    };
    assert_eq!(exchange(&wechat, &site()).await, Ok(expected));
    let query = |requests: Vec<wiremock::Request>| requests[0].url.query().unwrap().to_owned();
    assert_eq!(
        query(wechat.requests(GRANT_PATH).await),
        format!(
            "appid={SITE_ID}&secret={SITE_SECRET}&code=041aBcDe0+%2B%26%3D%2Fx&grant_type=authorization_code"
        ),
    );
    assert_eq!(
        query(wechat.requests(PROFILE_PATH).await),
        format!("access_token=user-token&openid={OPENID}&lang=zh_CN"),
    );
    assert_eq!(wechat.count(TOKEN_PATH).await, 0, "a website application has no access tokens");
}

#[tokio::test]
async fn a_refresh_token_brings_the_person_as_they_are_now() {
    let wechat = FakeWechat::start().await;
    let told = json!({
        "openid": OPENID, "nickname": "新名字", "sex": "2", "province": "广东", "city": "深圳 ", "country": "中国",
        "language": "zh_CN", "headimgurl": "", "privilege": [],
    });
    wechat.answer(REFRESH_PATH, vec![answer(grant())]).await;
    wechat.answer(PROFILE_PATH, vec![answer(told)]).await;
    let token = RefreshToken::new("refresh+1".to_owned());
    let user = wechat.client.refresh(&site(), &token).await.unwrap();
    assert_eq!((user.profile.nickname.as_deref(), user.refresh_token), (Some("新名字"), None));
    let details = AppProfile {
        sex: Some(2),
        language: Some("zh_CN".to_owned()),
        province: Some("广东".to_owned()),
        city: Some("深圳".to_owned()),
        country: Some("中国".to_owned()),
        ..AppProfile::default()
    };
    assert_eq!(user.details, details);
    let sent = wechat.requests(REFRESH_PATH).await[0].url.query().unwrap().to_owned();
    assert_eq!(
        sent,
        format!("appid={SITE_ID}&grant_type=refresh_token&refresh_token=refresh%2B1"),
        "no secret"
    );
}

#[tokio::test]
async fn a_base_scope_brings_the_person_alone_and_asks_for_no_more() {
    let wechat = answering(without(grant(), "unionid"), answer(profile())).await;
    let user = exchange(&wechat, &app()).await.unwrap();
    assert_eq!((user.openid, user.unionid, user.profile), (openid(), None, Profile::default()));
    assert_eq!(user.refresh_token, None, "it would tell no more");
    assert_eq!(wechat.count(PROFILE_PATH).await, 0);
}

#[tokio::test]
async fn a_unionid_may_come_with_the_profile_only() {
    let wechat = answering(without(grant(), "unionid"), answer(profile())).await;
    let user = exchange(&wechat, &other_app()).await.unwrap();
    assert_eq!(user.unionid, RawUnionId::parse("o6_bmUnion").ok());
    assert_eq!(user.profile, shown());
}

#[tokio::test]
async fn the_user_of_a_snapshot_page_is_told_apart_and_not_asked_about() {
    for flag in [json!(1), json!("1"), json!(true), json!(2), json!("yes"), json!([])] {
        let wechat = answering(with(grant(), "is_snapshotuser", flag.clone()), answer(profile())).await;
        let user = exchange(&wechat, &other_app()).await.unwrap();
        assert!(user.is_snapshot, "{flag}");
        assert_eq!(user.profile, Profile::default());
        assert_eq!(wechat.count(PROFILE_PATH).await, 0);
    }
    for flag in [json!(0), json!("0"), json!(false), json!(null), json!("")] {
        let wechat = answering(with(grant(), "is_snapshotuser", flag.clone()), answer(profile())).await;
        assert!(!exchange(&wechat, &other_app()).await.unwrap().is_snapshot, "{flag}");
    }
}

#[tokio::test]
async fn a_profile_that_wechat_does_not_tell_stops_no_login() {
    let large = ResponseTemplate::new(200).set_body_string(format!("{{\"x\":\"{}\"}}", "y".repeat(300_000)));
    for odd in [
        errcode(48001),
        errcode(40001),
        errcode(42001),
        errcode(45009),
        errcode(45011),
        errcode(-1),
        ResponseTemplate::new(500),
        ResponseTemplate::new(200),
        ResponseTemplate::new(200).set_body_string("<html></html>"),
        large,
        with(profile(), "openid", json!("somebody-else")),
        without(profile(), "openid"),
    ] {
        let wechat = answering(answer(grant()), odd).await;
        let user = exchange(&wechat, &site()).await.unwrap();
        assert_eq!((user.openid, user.profile), (openid(), Profile::default()));
        assert_eq!(wechat.count(GRANT_PATH).await, 1);
    }
}

#[tokio::test]
async fn a_profile_that_takes_too_long_stops_no_login() {
    let wechat = FakeWechat::with_timeout(Duration::from_millis(1500)).await;
    wechat.answer(GRANT_PATH, vec![answer(grant())]).await;
    let never = answer(profile()).set_delay(Duration::from_secs(600));
    wechat.answer(PROFILE_PATH, vec![never]).await;
    let user = exchange(&wechat, &site()).await.unwrap();
    assert_eq!((user.unionid.is_some(), user.profile), (true, Profile::default()));
}

#[tokio::test]
async fn a_grant_without_a_token_still_says_who_it_is() {
    let wechat = answering(without(grant(), "access_token"), answer(profile())).await;
    assert_eq!(exchange(&wechat, &site()).await.unwrap().profile, Profile::default());
    assert_eq!(wechat.count(PROFILE_PATH).await, 0);
}

#[tokio::test]
async fn a_name_with_raw_control_characters_or_broken_utf8_survives() {
    let raw = |name: &[u8]| {
        let mut body = format!(r#"{{"openid":"{OPENID}","headimgurl":"","nickname":""#).into_bytes();
        body.extend(name);
        body.extend(b"\"}");
        ResponseTemplate::new(200).set_body_bytes(body)
    };
    for (name, shown) in [
        (&b"a\x01b\x1fc"[..], Some("a b c")),
        (b"\n", None),
        (b"", None),
        (b"a\xffb", Some("a\u{fffd}b")),
        (b"a\\u0000b", Some("a b")),
        ("🐼👨‍👩‍👧".as_bytes(), Some("🐼👨‍👩‍👧")),
    ] {
        let wechat = answering(answer(grant()), raw(name)).await;
        let profile = exchange(&wechat, &site()).await.unwrap().profile;
        assert_eq!(profile, Profile { nickname: shown.map(str::to_owned), avatar_url: None });
    }
}

#[tokio::test]
async fn a_name_may_be_a_number_and_a_picture_only_what_a_browser_loads_as_one() {
    let wechat = FakeWechat::start().await;
    wechat.answer(GRANT_PATH, vec![answer(grant())]).await;
    let odd = json!({"openid": OPENID, "nickname": 12345, "headimgurl": "javascript:alert(1)"});
    wechat.answer(PROFILE_PATH, vec![answer(odd)]).await;
    let profile = exchange(&wechat, &site()).await.unwrap().profile;
    assert_eq!(profile, Profile { nickname: Some("12345".to_owned()), avatar_url: None });
}
