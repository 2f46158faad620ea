//! What several tests need: the vectors, and an app to talk to.

use saoma_domain::time::Timestamp;
use saoma_wechat::callback::{
    CallbackCodec, CallbackConfig, CallbackFormat, CallbackMode, CallbackQuery, CallbackRefused,
    CallbackSender, NotWechat, Opened, VerifiedMessage, message_xml,
};
use secrecy::SecretString;
use serde_json::Value;

pub(crate) const APP_ID: &str = "wxbada55c0ffee0001";
pub(crate) const TOKEN: &str = "loginToken2026";
pub(crate) const KEY: &str = "P0bc8GBnpGrl8NAbT1FUlQZoARzhfJWuPV4FhsRMgQl";
pub(crate) const OTHER_KEY: &str = "OuRbAC6CqnjgxoJU0bVgV9OCvHFy5bcYtMYkZKrmSi7";
pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_763_610_000);
pub(crate) const OPENID: &str = "oLq7Z5kT9vXc2Bn4Mf8Wd1Rj6HsA";
pub(crate) const ACCOUNT: &str = "gh_3f1c9a0b7d52";
pub(crate) const RANDOM: [u8; 16] = *b"0123456789abcdef";

pub(crate) const NOT_SIGNED: CallbackRefused = CallbackRefused::Forbidden(NotWechat::Signature);
pub(crate) const NOT_OURS: CallbackRefused = CallbackRefused::Forbidden(NotWechat::AppId);
pub(crate) const NOT_ENCRYPTED: CallbackRefused = CallbackRefused::Forbidden(NotWechat::Mode);
pub(crate) const NOT_READABLE: CallbackRefused = CallbackRefused::Forbidden(NotWechat::Unreadable);

/// Reads XML as the codec does.
pub(crate) trait OpenXml {
    fn xml(
        &self,
        query: &CallbackQuery,
        body: &[u8],
        now: Timestamp,
    ) -> Result<VerifiedMessage, CallbackRefused>;
}

impl OpenXml for CallbackCodec {
    fn xml(
        &self,
        query: &CallbackQuery,
        body: &[u8],
        now: Timestamp,
    ) -> Result<VerifiedMessage, CallbackRefused> {
        self.open(query, CallbackFormat::Xml, body, now).map(|opened| match opened {
            Opened::Message(message) => message,
            Opened::Unreadable => panic!("it is not readable"),
        })
    }
}

pub(crate) fn stale(skew_secs: i64) -> CallbackRefused {
    CallbackRefused::Forbidden(NotWechat::Stale { skew_secs })
}

pub(crate) fn config(mode: CallbackMode) -> CallbackConfig {
    CallbackConfig {
        app_id: APP_ID.to_owned(),
        token: TOKEN.into(),
        encoding_aes_key: Some(KEY.into()),
        previous_encoding_aes_key: None,
        mode,
    }
}

pub(crate) fn codec(mode: CallbackMode) -> CallbackCodec {
    CallbackCodec::new(&config(mode)).expect("the test's settings are right")
}

pub(crate) fn sender(mode: CallbackMode) -> CallbackSender {
    CallbackSender::new(&config(mode)).expect("the test's settings are right")
}

pub(crate) fn scan_xml(scene: &str) -> String {
    event_xml("SCAN", scene)
}

pub(crate) fn event_xml(event: &str, key: &str) -> String {
    message_xml(&[
        ("ToUserName", ACCOUNT),
        ("FromUserName", OPENID),
        ("CreateTime", "1763610000"),
        ("MsgType", "event"),
        ("Event", event),
        ("EventKey", key),
    ])
}

/// Reads a file of the shared vectors.
pub(crate) fn vector_file(name: &str) -> Vec<u8> {
    let path = format!("{}/../../tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Reads a list of the shared vectors and checks its length, so that no test passes on nothing.
pub(crate) fn vectors(file: &str, list: &str, length: usize) -> Vec<Value> {
    let json: Value = serde_json::from_slice(&vector_file(file)).expect("the vectors are JSON");
    let list = json[list].as_array().expect("a list of vectors").clone();
    assert_eq!(list.len(), length, "{file} has another number of vectors than this test was written for");
    list
}

/// Returns a text of a vector.
pub(crate) fn text<'v>(vector: &'v Value, field: &str) -> &'v str {
    vector[field].as_str().unwrap_or_else(|| panic!("{} has no {field}", vector["id"]))
}

pub(crate) fn seconds(vector: &Value) -> Timestamp {
    Timestamp::from_secs(text(vector, "timestamp").parse().expect("seconds"))
}

/// Returns the settings that a vector was made with.
pub(crate) fn vector_config(vector: &Value) -> CallbackConfig {
    CallbackConfig {
        app_id: vector["appid"].as_str().unwrap_or(APP_ID).to_owned(),
        token: text(vector, "token").into(),
        encoding_aes_key: vector["encoding_aes_key"].as_str().map(SecretString::from),
        previous_encoding_aes_key: None,
        mode: if vector["encoding_aes_key"].is_null() { CallbackMode::Plain } else { CallbackMode::Secure },
    }
}
