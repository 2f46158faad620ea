//! What WeChat posts when a person scans a code.

use std::time::SystemTime;

use saoma_domain::time::Timestamp;
use saoma_wechat::callback::{CallbackConfig, CallbackMode, CallbackSender, Push, message_xml};

use crate::{http::request, rows::openid};

pub(crate) const APP_ID: &str = "wx0123456789abcdef";
pub(crate) const TOKEN: &str = "benchToken2026";
pub(crate) const AES_KEY: &str = "P0bc8GBnpGrl8NAbT1FUlQZoARzhfJWuPV4FhsRMgQl";

/// The account that the events come from.
const ACCOUNT: &str = "gh_3f1c9a0b7d52";

/// Returns the settings of the callback, for both of its ends.
pub(crate) fn settings() -> CallbackConfig {
    CallbackConfig {
        app_id: APP_ID.to_owned(),
        token: TOKEN.into(),
        encoding_aes_key: Some(AES_KEY.into()),
        previous_encoding_aes_key: None,
        mode: CallbackMode::Secure,
    }
}

/// Returns the time of the system.
#[expect(clippy::disallowed_methods, reason = "what WeChat signs has to be of now")]
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap())
}

/// Makes the request of what the n-th person says.
pub(crate) fn text(number: u64) -> Vec<u8> {
    let (now, openid) = (now(), openid(number));
    let xml = message_xml(&[
        ("ToUserName", ACCOUNT),
        ("FromUserName", &openid),
        ("CreateTime", &now.as_secs().to_string()),
        ("MsgType", "text"),
        ("Content", "你好"),
        ("MsgId", &(25_000_000_000_000_000 + number).to_string()),
    ]);
    posted(&sender().push(ACCOUNT, &xml, now, "415670741", b"16 random bytes."))
}

fn sender() -> CallbackSender {
    CallbackSender::new(&settings()).unwrap()
}

/// Makes the push of a person's scan of a login's code, encrypted and signed.
pub(crate) fn push(person: u64, login: &str) -> Push {
    let (now, openid) = (now(), openid(person));
    let xml = message_xml(&[
        ("ToUserName", ACCOUNT),
        ("FromUserName", &openid),
        ("CreateTime", &now.as_secs().to_string()),
        ("MsgType", "event"),
        ("Event", "SCAN"),
        ("EventKey", &format!("login:web:{login}")),
        ("Ticket", "gQH47joAAAAAAAAAASxodHRwOi8vd2VpeGluLnFxLmNvbS9xL2taZ2Z3TVRtNzJXV1Brb3ZhYmJJ"),
    ]);
    sender().push(ACCOUNT, &xml, now, "415670741", b"16 random bytes.")
}

/// Makes the request of a person's scan.
pub(crate) fn scan(person: u64, login: &str) -> Vec<u8> {
    posted(&push(person, login))
}

/// Makes a request that WeChat did not sign.
pub(crate) fn forged(login: &str) -> Vec<u8> {
    let mut push = push(1, login);
    push.query.signature = "0".repeat(40);
    push.query.msg_signature = Some("0".repeat(40));
    posted(&push)
}

fn posted(push: &Push) -> Vec<u8> {
    let query = &push.query;
    let path = format!(
        "/wechat/main/callback?signature={}&timestamp={}&nonce={}&encrypt_type=aes&msg_signature={}",
        query.signature,
        query.timestamp,
        query.nonce,
        query.msg_signature.as_deref().unwrap_or_default()
    );
    request("POST", &path, "Content-Type: text/xml\r\n", &push.body)
}
