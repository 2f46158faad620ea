//! Mini programs: logins and phone numbers.

use std::time::Duration;

use aes::Aes128;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, KeyIvInit as _};
use saoma_sandbox::{Api, EncryptedData, Fault, PhoneData, SandboxError};
use serde_json::{Value, json};

use super::support::{Fixture, MAIN, MINI, START};

const MINI_ID: &str = "wx3d5f7a9b1c2e4d60";
impl Fixture {
    async fn log_in(&self) -> Value {
        self.caller.mini_session(&self.ming.wx_login("mini").unwrap()).await
    }

    async fn phone(&self, body: Value) -> Value {
        let token = self.caller.mini_token().await;
        self.caller.post_json(&format!("/wxa/business/getuserphonenumber?access_token={token}"), body).await
    }
}

/// Opens data as a service does; `None` when the key does not fit.
fn open(session_key: &Value, data: &EncryptedData) -> Option<Value> {
    let block = |text: &str| <[u8; 16]>::try_from(STANDARD.decode(text).unwrap()).unwrap();
    let (key, iv) = (block(session_key.as_str().unwrap()), block(&data.iv));
    let decryptor = cbc::Decryptor::<Aes128>::new(&key.into(), &iv.into());
    let sealed = STANDARD.decode(&data.encrypted_data).unwrap();
    serde_json::from_slice(&decryptor.decrypt_padded_vec::<Pkcs7>(&sealed).ok()?).ok()
}

#[tokio::test]
async fn a_login_tells_openid_unionid_and_a_session_key_of_16_bytes() {
    let fixture = Fixture::new().await;
    let session = fixture.log_in().await;
    assert!(session.get("errcode").is_none());
    assert_eq!(session["openid"], fixture.ming.openid("mini").unwrap());
    assert_eq!(session["unionid"], fixture.ming.unionid());
    let key = session["session_key"].as_str().unwrap();
    assert_eq!((key.len(), STANDARD.decode(key).unwrap().len()), (24, 16));
    assert_ne!(fixture.log_in().await["session_key"], session["session_key"], "each login has its own");
    assert_eq!(fixture.sandbox.calls(Api::Jscode2session), 2);
}

#[tokio::test]
async fn a_login_code_is_good_once_for_one_app_and_for_five_minutes() {
    let fixture = Fixture::new().await;
    let (code, late) = (fixture.ming.wx_login("mini").unwrap(), fixture.ming.wx_login("mini").unwrap());
    fixture.sandbox.advance_clock(Duration::from_secs(299));
    assert!(fixture.caller.mini_session(&code).await.get("openid").is_some());
    assert_eq!(fixture.caller.mini_session(&code).await["errcode"], 40163);
    fixture.sandbox.advance_clock(Duration::from_secs(1));
    assert_eq!(fixture.caller.mini_session(&late).await["errcode"], 40029);
    assert_eq!(fixture.caller.mini_session("0nonsense").await["errcode"], 40029);
    assert_eq!(
        fixture.caller.mini_session(&fixture.ming.phone_code("mini").unwrap()).await["errcode"],
        40029
    );
}

#[tokio::test]
async fn every_wrong_login_call_has_its_own_errcode() {
    let fixture = Fixture::new().await;
    let code = fixture.ming.wx_login("mini").unwrap();
    let grant = "grant_type=authorization_code";
    let cases = [
        (format!("{MINI}&{grant}"), 41008),
        (format!("{MINI}&js_code={code}"), 40002),
        (format!("{MINI}x&js_code={code}&{grant}"), 40125),
        (format!("secret=x&js_code={code}&{grant}"), 41002),
        (format!("appid={MINI_ID}&js_code={code}&{grant}"), 41004),
        (format!("{MAIN}&js_code={code}&{grant}"), 40013),
    ];
    for (query, errcode) in cases {
        let answer = fixture.caller.get_json(&format!("/sns/jscode2session?{query}")).await;
        assert_eq!(answer["errcode"], errcode, "{query}");
    }
    assert_eq!(fixture.caller.post_json("/sns/jscode2session", json!({})).await["errcode"], 43001);
}

#[tokio::test]
async fn a_high_risk_user_is_kept_out_and_can_come_back() {
    let fixture = Fixture::new().await;
    fixture.ming.set_high_risk(true).unwrap();
    assert_eq!(fixture.log_in().await["errcode"], 40226);
    fixture.ming.set_high_risk(false).unwrap();
    assert!(fixture.log_in().await.get("openid").is_some());
}

#[tokio::test]
async fn more_than_a_hundred_logins_of_one_person_in_a_minute_are_too_many() {
    let fixture = Fixture::new().await;
    for _login in 0..100 {
        assert!(fixture.log_in().await.get("openid").is_some());
    }
    let code = fixture.ming.wx_login("mini").unwrap();
    fixture.sandbox.advance_clock(Duration::from_secs(59));
    assert_eq!(fixture.caller.mini_session(&code).await["errcode"], 45011);
    let hongs = fixture.sandbox.person("hong").unwrap().wx_login("mini").unwrap();
    assert!(fixture.caller.mini_session(&hongs).await.get("openid").is_some(), "hong is another person");
    fixture.sandbox.advance_clock(Duration::from_secs(1));
    assert!(fixture.caller.mini_session(&code).await.get("openid").is_some(), "the code was not used up");
}

#[tokio::test]
async fn a_phone_code_tells_the_number_once() {
    let fixture = Fixture::new().await;
    let code = fixture.ming.phone_code("mini").unwrap();
    let openid = fixture.ming.openid("mini").unwrap();
    let told = fixture.phone(json!({ "code": code, "openid": openid })).await;
    assert_eq!(told["errcode"], 0);
    assert_eq!(
        told["phone_info"],
        json!({
            "phoneNumber": "13800138000",
            "purePhoneNumber": "13800138000",
            "countryCode": "86",
            "watermark": { "timestamp": START, "appid": MINI_ID },
        })
    );
    assert_eq!(fixture.phone(json!({ "code": code })).await["errcode"], 40029);
    assert_eq!(fixture.sandbox.calls(Api::Getuserphonenumber), 2);
}

#[tokio::test]
async fn a_foreign_number_carries_its_country_code() {
    let fixture = Fixture::new().await;
    let wei = fixture.sandbox.person_with_phone("wei", "+85251234567").unwrap();
    let told = fixture.phone(json!({ "code": wei.phone_code("mini").unwrap() })).await;
    let info = &told["phone_info"];
    assert_eq!(info["phoneNumber"], "+85251234567");
    assert_eq!((&info["purePhoneNumber"], &info["countryCode"]), (&json!("51234567"), &json!("852")));
}

#[tokio::test]
async fn every_wrong_phone_call_has_its_own_errcode() {
    let fixture = Fixture::new().await;
    let (code, late) = (fixture.ming.phone_code("mini").unwrap(), fixture.ming.phone_code("mini").unwrap());
    let hong = fixture.sandbox.person("hong").unwrap().openid("mini").unwrap();
    assert_eq!(fixture.phone(json!({ "code": code, "openid": hong })).await["errcode"], 40003);
    assert_eq!(fixture.phone(json!({ "code": "x" })).await["errcode"], 40029);
    assert_eq!(fixture.phone(json!({})).await["errcode"], 40029);
    let login = fixture.ming.wx_login("mini").unwrap();
    assert_eq!(fixture.phone(json!({ "code": login })).await["errcode"], 40029, "that is a login code");

    let path = "/wxa/business/getuserphonenumber";
    let (mini, main) = (fixture.caller.mini_token().await, fixture.caller.stable_token().await);
    let call = async |token: &str, body: &str| {
        let answer = fixture.caller.post(&format!("{path}?access_token={token}"), body.to_owned()).await;
        serde_json::from_str::<Value>(&answer.text().await.unwrap()).unwrap()["errcode"].clone()
    };
    let body = json!({ "code": code }).to_string();
    assert_eq!(call(&main, &body).await, 48001, "an official account has no such API");
    assert_eq!((call("", &body).await, call("x", &body).await), (json!(41001), json!(40014)));
    assert_eq!((call(&mini, "").await, call(&mini, "{").await), (json!(44002), json!(47001)));
    assert_eq!(fixture.caller.get_json(path).await["errcode"], 43002);
    assert_eq!(call(&mini, &body).await, 0, "none of this has used up the code");
    fixture.sandbox.advance_clock(Duration::from_secs(300));
    assert_eq!(fixture.phone(json!({ "code": late })).await["errcode"], 40029);
    assert_eq!(
        fixture.caller.get_json(&format!("/cgi-bin/user/info?access_token={mini}&openid=o")).await["errcode"],
        48001
    );
}

#[tokio::test]
async fn encrypted_data_opens_with_the_session_key() {
    let fixture = Fixture::new().await;
    let session = fixture.log_in().await;
    let data = fixture.ming.encrypted_phone("mini").unwrap();
    let opened = open(&session["session_key"], &data).unwrap();
    assert_eq!(opened["phoneNumber"], "13800138000");
    assert_eq!(opened["watermark"], json!({ "timestamp": START, "appid": MINI_ID }));
    assert_ne!(fixture.ming.encrypted_phone("mini").unwrap(), data, "another vector each time");
}

#[tokio::test]
async fn a_newer_login_makes_the_key_before_useless() {
    let fixture = Fixture::new().await;
    let old = fixture.log_in().await;
    let before = fixture.ming.encrypted_phone("mini").unwrap();
    let new = fixture.log_in().await;
    let outdated = PhoneData { outdated_key: true, ..PhoneData::default() };
    let after = fixture.ming.encrypted_phone("mini").unwrap();
    let late = fixture.ming.encrypted_phone_with("mini", &outdated).unwrap();
    assert_eq!(open(&new["session_key"], &before), None);
    assert_eq!(open(&old["session_key"], &after), None);
    assert_eq!(open(&new["session_key"], &late), None);
    assert!(open(&old["session_key"], &late).is_some() && open(&new["session_key"], &after).is_some());
}

#[tokio::test]
async fn without_a_key_before_outdated_data_opens_with_none() {
    let fixture = Fixture::new().await;
    let session = fixture.log_in().await;
    let outdated = PhoneData { outdated_key: true, ..PhoneData::default() };
    let data = fixture.ming.encrypted_phone_with("mini", &outdated).unwrap();
    assert_eq!(open(&session["session_key"], &data), None);
}

#[tokio::test]
async fn a_watermark_can_be_wrong() {
    let fixture = Fixture::new().await;
    let session = fixture.log_in().await;
    let wrong = PhoneData {
        watermark_app_id: Some("wx0000000000000000".to_owned()),
        age: Duration::from_secs(3600),
        ..PhoneData::default()
    };
    let data = fixture.ming.encrypted_phone_with("mini", &wrong).unwrap();
    let watermark = open(&session["session_key"], &data).unwrap()["watermark"].clone();
    assert_eq!(watermark, json!({ "timestamp": START - 3600, "appid": "wx0000000000000000" }));
}

#[tokio::test]
async fn what_is_no_mini_program_cannot_be_opened() {
    let fixture = Fixture::new().await;
    for app in ["main", "site", "nothing"] {
        assert!(matches!(fixture.ming.wx_login(app), Err(SandboxError::UnknownApp(_))), "{app}");
        assert!(matches!(fixture.ming.phone_code(app), Err(SandboxError::UnknownApp(_))), "{app}");
    }
    let early = fixture.ming.encrypted_phone("mini");
    assert!(matches!(early, Err(SandboxError::NoMiniSession(_))), "there was no login yet");
}

#[tokio::test]
async fn an_exchange_whose_answer_comes_too_late_has_used_up_the_code() {
    let fixture = Fixture::new().await;
    let code = fixture.ming.wx_login("mini").unwrap();
    fixture.sandbox.fail(Api::Jscode2session, &Fault::Delay { delay_ms: 30_000 }, 1);
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(saoma_tls::client_config(false).unwrap())
        .no_proxy()
        .build()
        .unwrap();
    let url = format!(
        "{}/sns/jscode2session?{MINI}&js_code={code}&grant_type=authorization_code",
        fixture.sandbox.base_url()
    );
    let lost = client.get(url).timeout(Duration::from_millis(300)).send().await;
    assert!(lost.unwrap_err().is_timeout());
    assert_eq!(fixture.caller.mini_session(&code).await["errcode"], 40163);
}

#[tokio::test]
async fn a_mini_program_can_be_driven_over_http() {
    let fixture = Fixture::new().await;
    let act = async |what: &str, body: Value| {
        fixture.caller.post_json(&format!("/sandbox/api/people/ming/{what}"), body).await
    };
    let app = json!({ "app": "mini" });
    assert_eq!(act("encrypted-phone", app.clone()).await["code"], "not_logged_in");
    let code = act("wx-login", app.clone()).await["code"].as_str().unwrap().to_owned();
    let session = fixture.caller.mini_session(&code).await;
    let phone = act("phone-code", app.clone()).await["code"].clone();
    assert_eq!(fixture.phone(json!({ "code": phone })).await["errcode"], 0);
    let body = json!({ "app": "mini", "watermark_app_id": "wxother", "age_s": 60 });
    let sealed = act("encrypted-phone", body).await;
    let text = |name: &str| sealed[name].as_str().unwrap().to_owned();
    let data = EncryptedData { encrypted_data: text("encrypted_data"), iv: text("iv") };
    let watermark = open(&session["session_key"], &data).unwrap()["watermark"].clone();
    assert_eq!(watermark, json!({ "timestamp": START - 60, "appid": "wxother" }));
    let risk = json!({ "high_risk": true });
    assert_eq!(fixture.caller.put("/sandbox/api/people/ming/high-risk", risk).await.status(), 204);
    assert_eq!(fixture.log_in().await["errcode"], 40226);
    assert_eq!(fixture.caller.get_json("/sandbox/api/people/ming").await["high_risk"], true);
    assert_eq!(act("wx-login", json!({ "app": "site" })).await["code"], "app_unknown");
}
