//! The codec of WeChat's callback.

use divan::Bencher;
use saoma_domain::time::Timestamp;
use saoma_wechat::callback::{
    CallbackCodec, CallbackConfig, CallbackFormat, CallbackMode, CallbackSender, Opened, Push, Reply,
    ReplyText, message_xml,
};

const NOW: Timestamp = Timestamp::from_secs(1_763_610_000);

fn both_ends() -> (CallbackCodec, Push) {
    let config = CallbackConfig {
        app_id: "wx0123456789abcdef".to_owned(),
        token: "loginToken2026".into(),
        encoding_aes_key: Some("P0bc8GBnpGrl8NAbT1FUlQZoARzhfJWuPV4FhsRMgQl".into()),
        previous_encoding_aes_key: None,
        mode: CallbackMode::Secure,
    };
    let scan = message_xml(&[
        ("ToUserName", "gh_3f1c9a0b7d52"),
        ("FromUserName", "oLq7Z5kT9vXc2Bn4Mf8Wd1Rj6HsA"),
        ("CreateTime", "1763610000"),
        ("MsgType", "event"),
        ("Event", "SCAN"),
        ("EventKey", "login:web:AGkdAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("Ticket", "gQH47joAAAAAAAAAASxodHRwOi8vd2VpeGluLnFxLmNvbS9xL2taZ2Z3TVRtNzJXV1Brb3ZhYmJJ"),
    ]);
    let sender = CallbackSender::new(&config).unwrap();
    let push = sender.push("gh_3f1c9a0b7d52", &scan, NOW, "415670741", b"16 random bytes.");
    (CallbackCodec::new(&config).unwrap(), push)
}

#[divan::bench]
fn event_is_opened(bencher: Bencher<'_, '_>) {
    let (codec, push) = both_ends();
    bencher.bench(|| codec.open(&push.query, CallbackFormat::Xml, push.body.as_bytes(), NOW).is_ok());
}

#[divan::bench]
fn forged_event_is_refused(bencher: Bencher<'_, '_>) {
    let (codec, mut push) = both_ends();
    push.query.msg_signature = Some("0".repeat(40));
    bencher.bench(|| codec.open(&push.query, CallbackFormat::Xml, push.body.as_bytes(), NOW).is_err());
}

#[divan::bench]
fn reply_is_encrypted(bencher: Bencher<'_, '_>) {
    let (codec, push) = both_ends();
    let opened = codec.open(&push.query, CallbackFormat::Xml, push.body.as_bytes(), NOW).unwrap();
    let Opened::Message(message) = opened else { return };
    let reply = Reply::Text(ReplyText::new("Logged in to login.example.com").unwrap());
    bencher.bench(|| codec.answer(&message, &reply, NOW, b"16 other bytes.."));
}
