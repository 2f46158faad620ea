//! Answers of every kind, and none.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use saoma_domain::ports::{OfficialAccount as _, WechatError};
use saoma_domain::time::Timestamp;
use saoma_domain::wechat::{AppKind, AppProfile, Follower, RawUnionId};
use saoma_wechat::client::{InWechatScope, WechatApp, WechatClient, WechatClientError, WechatEndpoints};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::fake_wechat::{
    FakeWechat, QR_PATH, SCENE, SECRET, TOKEN_ANSWER, TOKEN_PATH, USER_PATH, answer, app, client_at, errcode,
    openid, qr, raw_server, refused_with, token, unavailable_for,
};
use crate::support::OPENID;

#[tokio::test]
async fn a_qr_code_is_made_with_its_scene_and_lifetime_and_its_url_is_kept() {
    let wechat = FakeWechat::with_token().await;
    wechat.answer(QR_PATH, vec![qr()]).await;
    let ticket = wechat.create_qr().await.unwrap();
    assert_eq!(ticket.url, "http://weixin.qq.com/q/02sample");
    assert_eq!(ticket.image_url, "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=gQH4%2Bz%2FAA%3D%3D");
    assert_eq!(ticket.lifetime, Duration::from_secs(120));
    let body: Value = serde_json::from_slice(&wechat.requests(QR_PATH).await[0].body).unwrap();
    let expected = json!({
        "expire_seconds": 120,
        "action_name": "QR_STR_SCENE",
        "action_info": {"scene": {"scene_str": SCENE}},
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_follower_is_asked_for_in_chinese_and_may_have_a_unionid() {
    let wechat = FakeWechat::with_token().await;
    let known =
        json!({"subscribe": 1, "openid": OPENID, "unionid": "o6_bmUnion", "nickname": "", "tagid_list": []});
    let told = json!({
        "subscribe": 1, "openid": OPENID, "subscribe_time": 1_763_610_000, "subscribe_scene": "ADD_SCENE_QR_CODE",
        "remark": " 大客户\n", "tagid_list": [128, "2", null], "language": "zh_CN",
    });
    let left = json!({"subscribe": "0", "openid": OPENID});
    let unbound = json!({"subscribe": 1, "openid": OPENID, "unionid": ""});
    wechat.answer(USER_PATH, vec![answer(known), answer(left), answer(unbound), answer(told)]).await;
    let unionid = RawUnionId::parse("o6_bmUnion").ok();
    assert_eq!(wechat.follower().await, Ok(Follower { subscribed: true, unionid, ..Follower::default() }));
    assert_eq!(
        wechat.follower().await,
        Ok(Follower { subscribed: false, unionid: None, ..Follower::default() })
    );
    assert_eq!(
        wechat.follower().await,
        Ok(Follower { subscribed: true, unionid: None, ..Follower::default() })
    );
    let profile = AppProfile {
        subscribed_at: Some(Timestamp::from_secs(1_763_610_000)),
        scene: Some("ADD_SCENE_QR_CODE".to_owned()),
        remark: Some("大客户".to_owned()),
        tags: vec![128, 2],
        language: Some("zh_CN".to_owned()),
        ..AppProfile::default()
    };
    assert_eq!(wechat.follower().await.map(|follower| follower.profile), Ok(profile));
    let query = wechat.requests(USER_PATH).await[0].url.query().unwrap().to_owned();
    assert_eq!(query, format!("access_token=token-1&openid={OPENID}&lang=zh_CN"));
}

/// Without it the person would get a second account.
#[tokio::test]
async fn a_field_that_is_broken_or_of_another_type_takes_no_unionid_away() {
    let odd: [&[u8]; 12] = [
        br#""remark":"\ud83d""#,
        br#""remark":"\ude00 \ud83d""#,
        br#""remark":"\x41 \' \u12""#,
        b"\"remark\":\"\x01\n\"",
        b"\"remark\":\"\xff\xed\xa0\x80\"",
        br#""remark":["\ud83d",{"a":"\udfff"}]"#,
        br#""\ud83d":1"#,
        br#""subscribe":"yes""#,
        br#""subscribe":null"#,
        br#""subscribe":[]"#,
        br#""subscribe_time":{},"qr_scene":"\ud83d","tagid_list":7"#,
        br#""errmsg":"\ud83d""#,
    ];
    let wechat = FakeWechat::with_token().await;
    let answers = odd.map(|odd| {
        let rest = format!(r#","openid":"{OPENID}","unionid":"o6_bmUnion"}}"#);
        ResponseTemplate::new(200).set_body_bytes([b"{", odd, rest.as_bytes()].concat())
    });
    wechat.answer(USER_PATH, answers.to_vec()).await;
    for odd in odd {
        let unionid = RawUnionId::parse("o6_bmUnion").ok();
        let follower = wechat.follower().await;
        assert_eq!(follower.map(|person| person.unionid), Ok(unionid), "{}", String::from_utf8_lossy(odd));
    }
    let wechat = FakeWechat::with_token().await;
    let says_nothing = ResponseTemplate::new(200).set_body_string(r#"{"unionid":"\ud83d","subscribe":[]}"#);
    wechat.answer(USER_PATH, vec![says_nothing]).await;
    unavailable_for(wechat.follower().await);
}

#[tokio::test]
async fn an_openid_of_another_app_is_not_found() {
    let wechat = FakeWechat::with_token().await;
    wechat.answer(USER_PATH, vec![errcode(40003)]).await;
    assert_eq!(wechat.follower().await, Err(WechatError::NotFound { errcode: 40003 }));
}

#[tokio::test]
async fn a_busy_wechat_is_asked_once_more() {
    let wechat = FakeWechat::with_token().await;
    wechat.answer(QR_PATH, vec![errcode(-1), qr()]).await;
    wechat.create_qr().await.unwrap();
    assert_eq!(wechat.count(QR_PATH).await, 2);
    wechat.answer(USER_PATH, vec![errcode(-1)]).await;
    unavailable_for(wechat.follower().await);
    assert_eq!(wechat.count(USER_PATH).await, 2);
}

#[tokio::test]
async fn a_right_that_is_missing_is_reported_with_what_to_do() {
    let wechat = FakeWechat::with_token().await;
    wechat.answer(QR_PATH, vec![errcode(48001)]).await;
    let (code, advice) = refused_with(wechat.create_qr().await);
    assert_eq!(code, 48001);
    assert!(advice.contains("certified service account"), "{advice}");
    assert_eq!(wechat.count(QR_PATH).await, 1);
}

#[tokio::test]
async fn what_is_not_an_answer_of_wechat_makes_it_unavailable() {
    let padded = |length: usize| {
        let json = r#"{"ticket":"t","expire_seconds":60,"url":"u"}"#;
        ResponseTemplate::new(200).set_body_string(format!("{json}{}", " ".repeat(length - json.len())))
    };
    let html = "<html><body>404</body></html>";
    let odd = [
        ResponseTemplate::new(200).set_body_string(html),
        ResponseTemplate::new(404).set_body_string(html),
        ResponseTemplate::new(302).insert_header("Location", "/elsewhere"),
        ResponseTemplate::new(200).set_body_string(r#"{"ticket":"t","#),
        ResponseTemplate::new(200),
        answer(json!({})),
        answer(json!({"ticket": "", "expire_seconds": 60, "url": "u"})),
        answer(json!({"ticket": "t", "expire_seconds": 60, "url": ["u"]})),
        padded(256 * 1024 + 1),
        padded(8 * 1024 * 1024),
    ];
    let odd_ones = odd.len();
    let wechat = FakeWechat::with_token().await;
    let mut answers = odd.to_vec();
    answers.push(padded(256 * 1024));
    wechat.answer(QR_PATH, answers).await;
    for _ in 0..odd_ones {
        let (_, retry_after) = unavailable_for(wechat.create_qr().await);
        assert!(!retry_after.is_zero());
    }
    wechat.create_qr().await.expect("256 KiB are not too many");
    assert_eq!(wechat.count(QR_PATH).await, odd_ones + 1, "none of them is tried again");
    assert_eq!(wechat.count("/elsewhere").await, 0);
}

#[tokio::test]
async fn a_slow_wechat_is_waited_for_no_longer_than_the_time_limit() {
    let wechat = FakeWechat::with_timeout(Duration::from_millis(300)).await;
    wechat.answer(TOKEN_PATH, vec![token("token-1", 7200)]).await;
    wechat.answer(QR_PATH, vec![qr().set_delay(Duration::from_secs(600))]).await;
    let call = tokio::time::timeout(Duration::from_secs(10), wechat.create_qr());
    let (reason, _) = unavailable_for(call.await.expect("the client's own limit comes first"));
    assert_eq!(reason, "no answer within 0.3 s");
}

#[tokio::test]
async fn a_slow_token_counts_towards_the_same_limit() {
    let wechat = FakeWechat::with_timeout(Duration::from_millis(300)).await;
    wechat.answer(TOKEN_PATH, vec![token("token-1", 7200).set_delay(Duration::from_secs(600))]).await;
    let name = app();
    let call = tokio::time::timeout(Duration::from_secs(10), wechat.client.probe(&name));
    unavailable_for(call.await.expect("the client's own limit comes first"));
}

#[tokio::test]
async fn who_asks_about_a_person_may_wait_for_less() {
    let wechat = FakeWechat::with_token().await;
    wechat.answer(USER_PATH, vec![errcode(0).set_delay(Duration::from_secs(600))]).await;
    let (app, openid, within) = (app(), openid(), Duration::from_millis(300));
    let call = wechat.client.follower(&app, &openid, within);
    let call = tokio::time::timeout(Duration::from_secs(10), call);
    let (reason, _) = unavailable_for(call.await.expect("the caller's limit comes first"));
    assert_eq!(reason, "no answer within 0.3 s");
}

async fn probe_raw(answers: Vec<&'static str>) -> Result<(), WechatError> {
    let wechat = FakeWechat::start().await;
    let base = format!("http://{}", raw_server(answers));
    client_at(&base, Duration::from_secs(20), &wechat.clock).probe(&app()).await
}

#[tokio::test]
async fn a_broken_connection_is_tried_once_more() {
    assert_eq!(probe_raw(vec!["", TOKEN_ANSWER]).await, Ok(()));
    unavailable_for(probe_raw(vec!["", "", TOKEN_ANSWER]).await);
}

#[tokio::test]
async fn a_truncated_answer_makes_it_unavailable() {
    let half = &TOKEN_ANSWER[..TOKEN_ANSWER.len() - 10];
    let (reason, _) = unavailable_for(probe_raw(vec![half]).await);
    assert_eq!(reason, "the answer was cut off");
}

#[tokio::test]
async fn a_refused_connection_is_unavailable_with_the_cause() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let wechat = FakeWechat::start().await;
    let client = client_at(&format!("http://{address}"), Duration::from_secs(20), &wechat.clock);
    let (reason, _) = unavailable_for(client.probe(&app()).await);
    assert!(reason.contains("refused"), "{reason}");
}

#[tokio::test]
async fn no_error_shows_a_secret_or_an_address() {
    let mut texts = Vec::new();
    for odd in [
        errcode(40001),
        errcode(40125),
        errcode(45009),
        errcode(45011),
        errcode(48001),
        errcode(99_999),
        errcode(-1),
        ResponseTemplate::new(500).set_body_string(SECRET),
        ResponseTemplate::new(200).set_body_string(SECRET),
    ] {
        let wechat = FakeWechat::with_token().await;
        wechat.answer(QR_PATH, vec![odd.clone()]).await;
        texts.extend(wechat.create_qr().await.err());
        let wechat = FakeWechat::start().await;
        wechat.answer(TOKEN_PATH, vec![odd]).await;
        texts.extend(wechat.client.probe(&app()).await.err());
    }
    texts.extend(probe_raw(vec!["", ""]).await.err());
    texts.extend(probe_raw(vec!["HTTP/9"]).await.err());
    assert_eq!(texts.len(), 20);
    for error in texts {
        let shown = format!("{error} {error:?}");
        for secret in [SECRET, "token-1", "http:", "127.0.0.1", "access_token=", "cgi-bin"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

#[tokio::test]
async fn addresses_and_names_are_checked_before_anything_is_sent() {
    let right = WechatEndpoints {
        api_base: "https://api.weixin.qq.com".to_owned(),
        open_base: "https://open.weixin.qq.com".to_owned(),
        mp_base: "https://mp.weixin.qq.com/".to_owned(),
        timeout: Duration::from_secs(3),
    };
    let wechat = FakeWechat::start().await;
    let account = WechatApp {
        name: app(),
        kind: AppKind::Website,
        in_wechat_scope: InWechatScope::Base,
        login_page: None,
        app_id: "wx1".to_owned(),
        secret: "s".into(),
    };
    let make = |endpoints: &WechatEndpoints, apps: Vec<WechatApp>| {
        let random = Arc::new(NoRandom);
        WechatClient::new(endpoints, apps, Arc::clone(&wechat.clock) as _, random, None).err()
    };
    for wrong in
        ["", "api.weixin.qq.com", "ftp://a", "https://u@a", "https://u:p@a", "https://a?b", "https://a#b"]
    {
        let error = make(&WechatEndpoints { api_base: wrong.to_owned(), ..right.clone() }, Vec::new());
        assert!(matches!(error, Some(WechatClientError::Address { key: "api_base" })), "{wrong}: {error:?}");
        let error = make(&WechatEndpoints { mp_base: wrong.to_owned(), ..right.clone() }, Vec::new());
        assert!(matches!(error, Some(WechatClientError::Address { key: "mp_base" })), "{wrong}: {error:?}");
        let error = make(&WechatEndpoints { open_base: wrong.to_owned(), ..right.clone() }, Vec::new());
        assert!(matches!(error, Some(WechatClientError::Address { key: "open_base" })), "{wrong}: {error:?}");
    }
    // Without any certificate on the system, HTTPS is refused at once and not at the first login.
    let error = make(&right, Vec::new());
    assert!(matches!(error, None | Some(WechatClientError::Tls(_))), "{error:?}");
    let local = WechatEndpoints { api_base: wechat.server.uri(), ..right };
    let error = make(&local, vec![account.clone(), account]);
    assert!(matches!(error, Some(WechatClientError::DuplicateApp(_))), "{error:?}");
}

/// For clients that send nothing.
struct NoRandom;

impl saoma_domain::ports::Random for NoRandom {
    fn fill(&self, _buffer: &mut [u8]) {
        panic!("nothing random is needed here");
    }
}
