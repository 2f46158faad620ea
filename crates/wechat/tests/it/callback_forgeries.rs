//! Requests that were not sent by WeChat, or not to this app, or not now.

use saoma_domain::time::Timestamp;
use saoma_wechat::callback::{
    CallbackCodec, CallbackConfig, CallbackConfigError, CallbackMode, CallbackQuery, CallbackRefused,
    CallbackSender, MessageKind, Push, message_xml,
};

use crate::support::{
    ACCOUNT, NOT_ENCRYPTED, NOT_OURS, NOT_READABLE, NOT_SIGNED, NOW, OPENID, OpenXml as _, RANDOM, codec,
    config, event_xml, scan_xml, sender, stale,
};

const MAX_BODY_BYTES: usize = 65_536;
const MODES: [CallbackMode; 3] = [CallbackMode::Plain, CallbackMode::Compat, CallbackMode::Secure];

fn push(mode: CallbackMode) -> Push {
    sender(mode).push(ACCOUNT, &scan_xml("login:8f3a1c"), NOW, "415670741", &RANDOM)
}

fn refusal(codec: &CallbackCodec, query: &CallbackQuery, body: impl AsRef<[u8]>) -> CallbackRefused {
    codec.xml(query, body.as_ref(), NOW).expect_err("it has to be refused")
}

fn plain_refusal(body: impl AsRef<[u8]>) -> CallbackRefused {
    refusal(&codec(CallbackMode::Plain), &sender(CallbackMode::Plain).sign_query(NOW, "1"), body)
}

fn after(secs: i64) -> Timestamp {
    Timestamp::from_secs(NOW.as_secs() + secs)
}

#[test]
fn what_wechat_sends_is_read_in_every_mode() {
    for mode in MODES {
        let push = push(mode);
        let message = codec(mode).xml(&push.query, push.body.as_bytes(), NOW).unwrap();
        assert_eq!(message.from().as_str(), OPENID);
        assert_eq!(message.kind(), &MessageKind::Scan { scene: "login:8f3a1c".to_owned() });
    }
}

#[test]
fn a_request_is_fresh_for_five_minutes_either_way() {
    for mode in MODES {
        let push = push(mode);
        let at = |secs| codec(mode).xml(&push.query, push.body.as_bytes(), after(secs)).map(|_| ());
        for secs in [0, 10, 299, 300, -300] {
            assert_eq!(at(secs), Ok(()), "{secs} s");
        }
        for secs in [301, -301, 86_400] {
            assert_eq!(at(secs), Err(stale(secs)), "{secs} s");
        }
    }
}

#[test]
fn a_timestamp_that_is_no_plain_number_is_refused_even_when_signed() {
    for timestamp in
        ["", "+1763610000", "1763610000.0", " 1763610000", "01763610000", "99999999999999999999", "NaN"]
    {
        let nonce = "5";
        let query = CallbackQuery {
            signature: signature_of(timestamp, nonce),
            timestamp: timestamp.to_owned(),
            nonce: nonce.to_owned(),
            ..CallbackQuery::default()
        };
        assert_eq!(
            refusal(&codec(CallbackMode::Plain), &query, scan_xml("login:1")),
            NOT_SIGNED,
            "{timestamp:?}"
        );
    }
}

fn signature_of(timestamp: &str, nonce: &str) -> String {
    use std::fmt::Write as _;
    let mut texts = [crate::support::TOKEN, timestamp, nonce];
    texts.sort_unstable();
    let sha1 = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, texts.concat().as_bytes());
    sha1.as_ref().iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

#[test]
fn a_wrong_or_missing_signature_is_refused_in_every_mode() {
    for mode in MODES {
        let push = push(mode);
        let forged = |change: fn(&mut CallbackQuery)| {
            let mut query = push.query.clone();
            change(&mut query);
            refusal(&codec(mode), &query, &push.body)
        };
        assert_eq!(forged(|query| query.signature.clear()), NOT_SIGNED);
        assert_eq!(forged(|query| query.signature.replace_range(0..1, "x")), NOT_SIGNED);
        assert_eq!(forged(|query| query.signature.make_ascii_uppercase()), NOT_SIGNED);
        assert_eq!(forged(|query| query.nonce.push('0')), NOT_SIGNED);
        assert_eq!(forged(|query| query.timestamp.push('0')), NOT_SIGNED);
        assert_eq!(forged(|query| *query = CallbackQuery::default()), NOT_SIGNED);
    }
}

#[test]
fn secure_mode_wants_both_signatures() {
    let push = push(CallbackMode::Secure);
    let secure = codec(CallbackMode::Secure);
    let no_message_signature = CallbackQuery { msg_signature: None, ..push.query.clone() };
    assert_eq!(refusal(&secure, &no_message_signature, &push.body), NOT_SIGNED);
    let the_other_one =
        CallbackQuery { msg_signature: Some(push.query.signature.clone()), ..push.query.clone() };
    assert_eq!(refusal(&secure, &the_other_one, &push.body), NOT_SIGNED);
    let no_query_signature = CallbackQuery { signature: String::new(), ..push.query.clone() };
    assert_eq!(refusal(&secure, &no_query_signature, &push.body), NOT_SIGNED);
}

#[test]
fn secure_mode_never_falls_back_to_a_readable_body() {
    let secure = codec(CallbackMode::Secure);
    let query = push(CallbackMode::Secure).query;
    assert_eq!(refusal(&secure, &query, scan_xml("login:1")), NOT_ENCRYPTED);
    let unsigned = sender(CallbackMode::Secure).sign_query(NOW, "1");
    assert_eq!(refusal(&secure, &unsigned, scan_xml("login:1")), NOT_ENCRYPTED);
}

#[test]
fn compat_mode_reads_only_what_was_encrypted() {
    let push = push(CallbackMode::Compat);
    assert!(push.body.contains("login:8f3a1c"), "the readable part is there");
    let forged = push.body.replace("login:8f3a1c", "login:forged");
    let message = codec(CallbackMode::Compat).xml(&push.query, forged.as_bytes(), NOW).unwrap();
    assert_eq!(message.kind(), &MessageKind::Scan { scene: "login:8f3a1c".to_owned() });
}

#[test]
fn a_readable_body_is_taken_in_plain_mode_only_and_not_where_it_says_that_it_is_encrypted() {
    for encrypt_type in [None, Some("raw"), Some("aes"), Some("AES")] {
        let encrypt_type = encrypt_type.map(str::to_owned);
        let query = CallbackQuery { encrypt_type, ..sender(CallbackMode::Compat).sign_query(NOW, "1") };
        assert_eq!(refusal(&codec(CallbackMode::Compat), &query, scan_xml("login:1")), NOT_ENCRYPTED);
        let plain = codec(CallbackMode::Plain).xml(&query, scan_xml("login:1").as_bytes(), NOW);
        match query.encrypt_type.as_deref() {
            None | Some("raw") => assert!(plain.is_ok()),
            Some(_) => assert_eq!(plain.err(), Some(NOT_ENCRYPTED)),
        }
    }
}

/// The signature sorts what it covers, so whoever saw one request can send it with time and nonce exchanged. The time
/// inside the encryption stays the same.
#[test]
fn a_time_that_was_exchanged_for_the_nonce_does_not_make_an_old_message_fresh() {
    for mode in [CallbackMode::Secure, CallbackMode::Compat] {
        let nonce = after(1000).as_secs().to_string();
        let seen = sender(mode).push(ACCOUNT, &scan_xml("login:8f3a1c"), NOW, &nonce, &RANDOM);
        let query = CallbackQuery {
            timestamp: nonce.clone(),
            nonce: NOW.as_secs().to_string(),
            ..seen.query.clone()
        };
        let opened = codec(mode).xml(&query, seen.body.as_bytes(), after(1000));
        assert_eq!(opened.err(), Some(stale(1000)));
        assert!(codec(mode).xml(&seen.query, seen.body.as_bytes(), NOW).is_ok());
    }
    assert!(codec(CallbackMode::Plain).takes_unsigned_bodies(), "there the caller remembers what it saw");
    assert!(!codec(CallbackMode::Compat).takes_unsigned_bodies());
}

#[test]
fn a_message_for_another_app_with_the_same_token_and_key_is_refused() {
    let other = CallbackConfig { app_id: "wx0000000000000000".to_owned(), ..config(CallbackMode::Secure) };
    let push =
        CallbackSender::new(&other).unwrap().push(ACCOUNT, &scan_xml("login:1"), NOW, "415670741", &RANDOM);
    assert_eq!(refusal(&codec(CallbackMode::Secure), &push.query, &push.body), NOT_OURS);
}

#[test]
fn an_altered_receiver_outside_the_encryption_is_refused() {
    let push = push(CallbackMode::Secure);
    let altered = push.body.replace(ACCOUNT, "gh_another");
    assert_eq!(refusal(&codec(CallbackMode::Secure), &push.query, altered), NOT_OURS);
}

#[test]
fn an_echo_is_harmless_text_or_refused() {
    let codec = codec(CallbackMode::Plain);
    let mut query = sender(CallbackMode::Plain).sign_query(NOW, "1");
    assert_eq!(codec.echo(&query, NOW), Err(NOT_READABLE), "no echostr");
    for harmless in ["6481314587284658058", "a_B-c+d/e=.", &"9".repeat(64)] {
        query.echostr = Some(harmless.to_owned());
        assert_eq!(codec.echo(&query, NOW), Ok(harmless));
        assert_eq!(codec.echo(&query, after(301)), Err(stale(301)), "stale");
    }
    for harmful in ["", "<script>alert(1)</script>", "a b", "a\nb", "&lt;", "\"", "é", &"9".repeat(65)] {
        query.echostr = Some(harmful.to_owned());
        assert_eq!(codec.echo(&query, NOW), Err(NOT_READABLE), "{harmful}");
    }
}

#[test]
fn a_body_is_refused_by_its_size_before_anything_else() {
    let padded = |length: usize| {
        let xml = scan_xml("login:1");
        format!("{}{}", xml, " ".repeat(length - xml.len()))
    };
    let plain = codec(CallbackMode::Plain);
    let query = sender(CallbackMode::Plain).sign_query(NOW, "1");
    assert!(plain.xml(&query, padded(MAX_BODY_BYTES).as_bytes(), NOW).is_ok());
    assert_eq!(plain_refusal(padded(MAX_BODY_BYTES + 1)), CallbackRefused::TooLarge);
    assert_eq!(
        refusal(&plain, &CallbackQuery::default(), padded(MAX_BODY_BYTES + 1)),
        CallbackRefused::TooLarge
    );
}

#[test]
fn a_body_is_not_parsed_before_its_query_is_verified() {
    let unsigned = CallbackQuery::default();
    assert_eq!(refusal(&codec(CallbackMode::Plain), &unsigned, "no xml"), NOT_SIGNED);
}

#[test]
fn xml_that_wechat_never_sends_is_malformed() {
    let many =
        |count: usize| format!("<xml>{}</xml>", (0..count).map(|n| format!("<a{n}/>")).collect::<String>());
    let deep = |depth: usize| format!("<xml>{}{}</xml>", "<a>".repeat(depth), "</a>".repeat(depth));
    let with_attributes =
        format!("<xml {}></xml>", (0..6000).map(|n| format!("a{n}='' ")).collect::<String>());
    let bodies = [
        String::new(),
        "{}".to_owned(),
        "<xml>".to_owned(),
        "<xml></xml><xml></xml>".to_owned(),
        "<!DOCTYPE xml><xml/>".to_owned(),
        "<xml><!-- hidden --></xml>".to_owned(),
        "<xml><?php ?></xml>".to_owned(),
        scan_xml("login:1").replace("<xml>", "<xml a='b'>"),
        with_attributes,
        many(256),
        deep(8),
        deep(5000),
        scan_xml("login:1").replace("</xml>", "<EventKey>login:2</EventKey></xml>"),
        scan_xml("login:1").replace("1763610000", "yesterday"),
        scan_xml("login:1").replace(OPENID, "o with blanks"),
        scan_xml("login:1").replace(ACCOUNT, ""),
        scan_xml("login:1").replace("Event>", "Eveni>"),
        scan_xml(&"9".repeat(65)),
        event_xml("subscribe", &format!("qrscene_{}", "9".repeat(65))),
    ];
    for body in bodies {
        assert_eq!(plain_refusal(&body), CallbackRefused::Malformed, "{:.200}", body);
    }
    assert_eq!(plain_refusal(b"<xml>\xc4\xe3\xba\xc3</xml>"), CallbackRefused::Malformed, "not UTF-8");
}

#[test]
fn xml_within_the_limits_is_read() {
    let query = sender(CallbackMode::Plain).sign_query(NOW, "1");
    let extra = format!("{}{}</xml>", "<a>".repeat(7), "</a>".repeat(7));
    let deep = scan_xml("login:1").replace("</xml>", &extra);
    let many = (0..249).map(|n| format!("<a{n}/>")).collect::<String>();
    let many = scan_xml("login:1").replace("</xml>", &format!("{many}</xml>"));
    let declared = format!("<?xml version=\"1.0\"?>{}", scan_xml("login:1"));
    for body in [deep, many, declared] {
        assert!(codec(CallbackMode::Plain).xml(&query, body.as_bytes(), NOW).is_ok(), "{body}");
    }
}

#[test]
fn the_scene_prefix_is_stripped_once_and_only_from_a_subscription() {
    let kind = |event: &str, key: &str| {
        let query = sender(CallbackMode::Plain).sign_query(NOW, "1");
        let body = event_xml(event, key);
        codec(CallbackMode::Plain).xml(&query, body.as_bytes(), NOW).unwrap().kind().clone()
    };
    let subscribe = |scene: Option<&str>| MessageKind::Subscribe { scene: scene.map(str::to_owned) };
    let scan = |scene: &str| MessageKind::Scan { scene: scene.to_owned() };
    assert_eq!(kind("subscribe", "qrscene_login:1"), subscribe(Some("login:1")));
    assert_eq!(kind("SUBSCRIBE", "qrscene_qrscene_1"), subscribe(Some("qrscene_1")));
    assert_eq!(kind("subscribe", "login:1"), subscribe(None));
    assert_eq!(kind("subscribe", "last_trade_no_1"), subscribe(None));
    assert_eq!(kind("subscribe", "qrscene_"), subscribe(None));
    assert_eq!(kind("scan", "qrscene_login:1"), scan("qrscene_login:1"));
    assert_eq!(kind("click", "login:1"), MessageKind::Click { key: "login:1".to_owned() });
    assert_eq!(kind("view", "qrscene_login:1"), MessageKind::View { url: "qrscene_login:1".to_owned() });
    assert_eq!(
        kind("scancode_push", "login:1"),
        MessageKind::Other { name: "scancode_push".to_owned(), key: "login:1".to_owned() }
    );
}

#[test]
fn an_unknown_message_type_is_other() {
    let body = message_xml(&[
        ("ToUserName", ACCOUNT),
        ("FromUserName", OPENID),
        ("CreateTime", "1763610000"),
        ("MsgType", "voice"),
        ("Event", "SCAN"),
        ("EventKey", "login:1"),
    ]);
    let query = sender(CallbackMode::Plain).sign_query(NOW, "1");
    let message = codec(CallbackMode::Plain).xml(&query, body.as_bytes(), NOW).unwrap();
    assert_eq!(message.kind(), &MessageKind::Other { name: "voice".to_owned(), key: String::new() });
}

#[test]
fn wrong_settings_are_named() {
    let right = config(CallbackMode::Secure);
    let error = |config: CallbackConfig| CallbackCodec::new(&config).unwrap_err();
    let token = |text: &str| error(CallbackConfig { token: text.into(), ..right.clone() });
    let key = |text: &str| error(CallbackConfig { encoding_aes_key: Some(text.into()), ..right.clone() });
    assert_eq!(token("ab"), CallbackConfigError::TokenLength(2));
    assert_eq!(token(&"a".repeat(33)), CallbackConfigError::TokenLength(33));
    assert_eq!(token("with blank"), CallbackConfigError::TokenCharacter);
    assert_eq!(key("short"), CallbackConfigError::AesKeyLength(5));
    assert_eq!(key(&format!("{}=", crate::support::KEY)), CallbackConfigError::AesKeyLength(44));
    assert_eq!(key(&format!("{}+", "a".repeat(42))), CallbackConfigError::AesKeyCharacter);
    assert_eq!(
        error(CallbackConfig { previous_encoding_aes_key: Some("x".into()), ..right.clone() }),
        CallbackConfigError::AesKeyLength(1)
    );
    assert_eq!(
        error(CallbackConfig { encoding_aes_key: None, ..right.clone() }),
        CallbackConfigError::AesKeyMissing
    );
    assert_eq!(error(CallbackConfig { app_id: String::new(), ..right }), CallbackConfigError::AppId);
    let plain = CallbackConfig { encoding_aes_key: None, ..config(CallbackMode::Plain) };
    assert!(CallbackCodec::new(&plain).is_ok());
}

#[test]
fn no_debug_output_shows_a_secret() {
    let push = push(CallbackMode::Secure);
    let message = codec(CallbackMode::Secure).xml(&push.query, push.body.as_bytes(), NOW).unwrap();
    let shown = format!(
        "{:?} {:?} {:?} {:?} {message:?}",
        config(CallbackMode::Secure),
        codec(CallbackMode::Secure),
        sender(CallbackMode::Secure),
        push.query
    );
    for secret in [crate::support::TOKEN, crate::support::KEY, &push.query.signature] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
