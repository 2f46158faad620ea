//! Secrets, tokens, codes and session keys appear in no error and in no log line.

use std::io::Write;
use std::net::TcpListener;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use saoma_domain::ports::{MiniProgram, OAuth};
use serde_json::{Value, json};
use tracing::Dispatch;
use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing_subscriber::fmt::MakeWriter;
use wiremock::ResponseTemplate;

use crate::fake_wechat::{
    FakeWechat, GRANT_PATH, JS_CODE_PATH, MINI_SECRET, PHONE_PATH, PROFILE_PATH, SECRET, SITE_SECRET,
    TOKEN_PATH, answer, client_at, errcode, mini, openid, other_app, site, token,
};
use crate::support::OPENID;

const CODE: &str = "canary-code";
const TOKEN: &str = "canary-token";
const USER_TOKEN: &str = "canary-user-token";
const KEY: &str = "Y2FuYXJ5LWtleS0xNg==";
const PHONE: &str = "13800138000";

/// A second dispatcher. With only one, tracing asks just the thread that comes to a log line first whether to keep
/// it, and that may be the thread of another test.
static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::new()));

/// Collects what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    /// Collects until the guard is dropped.
    fn listen(&self) -> DefaultGuard {
        LazyLock::force(&SECOND);
        let logger = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
        tracing::subscriber::set_default(logger.with_writer(self.clone()).finish())
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Lines {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

/// Makes every call and returns its result as a log would print it.
async fn every_call(wechat: &FakeWechat) -> Vec<String> {
    let client = wechat.client.as_ref();
    vec![
        format!("{:?}", OAuth::exchange(client, &site(), CODE).await),
        format!("{:?}", OAuth::exchange(client, &other_app(), CODE).await),
        format!("{:?}", MiniProgram::exchange(client, &mini(), CODE).await),
        format!("{:?}", client.phone_number(&mini(), &openid(), CODE).await),
    ]
}

async fn answering(odd: Option<ResponseTemplate>) -> FakeWechat {
    let wechat = FakeWechat::start().await;
    wechat.answer(TOKEN_PATH, vec![token(TOKEN, 7200)]).await;
    let watermark = json!({"timestamp": 1, "appid": crate::fake_wechat::MINI_ID});
    let phone_info = json!({
        "phoneNumber": PHONE, "purePhoneNumber": PHONE, "countryCode": "86", "watermark": watermark,
    });
    let good: [(&str, Value); 4] = [
        (GRANT_PATH, json!({"openid": OPENID, "access_token": USER_TOKEN, "refresh_token": USER_TOKEN})),
        (PROFILE_PATH, json!({"openid": OPENID, "nickname": "n"})),
        (JS_CODE_PATH, json!({"openid": OPENID, "session_key": KEY})),
        (PHONE_PATH, json!({"phone_info": phone_info})),
    ];
    for (path, body) in good {
        // Where something goes wrong, a profile is asked for all the same.
        let odd = odd.clone().filter(|_| path != GRANT_PATH);
        wechat.answer(path, vec![odd.unwrap_or_else(|| answer(body))]).await;
    }
    wechat
}

#[tokio::test]
async fn nothing_that_is_printed_has_a_secret_in_it() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let echo = [CODE, TOKEN, USER_TOKEN, KEY, SITE_SECRET, MINI_SECRET, PHONE].join(" ");
    let unknown = |errmsg: &str| Some(answer(json!({"errcode": 77777, "errmsg": errmsg})));
    let odd = [
        None,
        unknown(&echo),
        unknown(&format!("no rid: {CODE}")),
        unknown(&format!("no rid: {SITE_SECRET}")),
        Some(errcode(40029)),
        Some(errcode(40001)),
        Some(errcode(40125)),
        Some(errcode(-1)),
        Some(ResponseTemplate::new(500).set_body_string(&echo)),
        Some(ResponseTemplate::new(200).set_body_string(&echo)),
        Some(answer(json!({"openid": [&echo], "session_key": {"k": &echo}, "phone_info": &echo}))),
        Some(answer(json!({"openid": &echo, "session_key": 1, "phone_info": {"watermark": &echo}}))),
    ];
    let mut printed = Vec::new();
    for odd in odd {
        printed.extend(every_call(&answering(odd).await).await);
    }
    let refused = FakeWechat::start().await;
    refused.answer(GRANT_PATH, vec![ResponseTemplate::new(500).set_body_string(&echo)]).await;
    printed.extend(every_call(&refused).await);
    assert_eq!(printed.len(), 52);

    let logged = lines.text();
    assert!(logged.contains("wechat 127.0.0.1:"), "the log is listened to: {logged}");
    for text in printed.into_iter().chain([logged]) {
        for secret in [
            CODE,
            TOKEN,
            USER_TOKEN,
            KEY,
            SECRET,
            SITE_SECRET,
            MINI_SECRET,
            PHONE,
            "access_token=",
            "signature=",
        ] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[tokio::test]
async fn a_log_line_names_part_address_and_cause() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let wechat = FakeWechat::start().await;
    let client = client_at(&format!("http://{address}"), Duration::from_secs(20), &wechat.clock);
    client.probe(&mini()).await.unwrap_err();
    let line = format!("wechat {address}: Connection refused");
    assert!(lines.text().contains(&line), "{}", lines.text());
    assert!(lines.text().contains("api=\"/cgi-bin/stable_token\""), "{}", lines.text());
}

#[tokio::test]
async fn a_used_code_is_logged_as_used_and_an_unknown_one_as_unknown() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let wechat = FakeWechat::start().await;
    wechat.answer(JS_CODE_PATH, vec![errcode(40163), errcode(40029)]).await;
    for words in ["errcode 40163: the code was used before", "errcode 40029: the code is not valid"] {
        assert!(!lines.text().contains(words));
        MiniProgram::exchange(wechat.client.as_ref(), &mini(), CODE).await.unwrap_err();
        assert!(lines.text().contains(words), "{}", lines.text());
    }
}
