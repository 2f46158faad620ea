//! WeChat's callback.

use std::sync::LazyLock;

use saoma_domain::time::Timestamp;
use saoma_wechat::callback::{
    CallbackCodec, CallbackConfig, CallbackFormat, CallbackMode, CallbackRefused, CallbackSender, Opened,
    Push, Reply, ReplyText, VerifiedMessage, message_xml,
};

pub(crate) const XML: &[&[u8]] = &[
    include_bytes!("../../vectors/events/01_subscribe_scene.xml"),
    include_bytes!("../../vectors/events/03_scan.xml"),
    include_bytes!("../../vectors/events/05_text.xml"),
    include_bytes!("../../vectors/events/08_malformed.xml"),
    include_bytes!("../../vectors/events/09_dtd_entity_bomb.xml"),
    include_bytes!("../../vectors/events/12_gbk_bytes.xml"),
    include_bytes!("../../vectors/reported/control-character.xml"),
    b"<?xml version=\"1.0\"?><xml><FromUserName>o1</FromUserName><a>&#65;&amp;<b/>]]></a><c></c></xml>",
];

pub(crate) const JSON: &[&[u8]] = &[
    br#"{"ToUserName":"gh_3f1c9a0b7d52","FromUserName":"oLq7Z5kT9vXc2Bn4Mf8Wd1Rj6HsA","CreateTime":1763610000,"MsgType":"event","Event":"SCAN","EventKey":"login:1"}"#,
    br#"{"ToUserName":"gh_3f1c9a0b7d52","FromUserName":"oLq7Z5kT9vXc2Bn4Mf8Wd1Rj6HsA","CreateTime":"1763610000","MsgType":"text","Content":"\ud83d","MsgId":22211872600753510}"#,
    br#"{"Encrypt":"AAAA","List":[{"a":null}],"x":true}"#,
];

pub(crate) const ENVELOPES: &[&[u8]] =
    &[b"<xml></xml>", b"0123456789abcdef\0\0\0\x0b<xml></xml>wxbada55c0ffee0001", &[32; 64], &[0; 48], b"{}"];

const ACCOUNT: &str = "gh_3f1c9a0b7d52";
const NOW: Timestamp = Timestamp::from_secs(1_763_610_000);

struct Ends {
    codec: CallbackCodec,
    sender: CallbackSender,
}

fn ends(mode: CallbackMode) -> Ends {
    let config = CallbackConfig {
        app_id: "wxbada55c0ffee0001".to_owned(),
        token: "loginToken2026".into(),
        encoding_aes_key: Some("P0bc8GBnpGrl8NAbT1FUlQZoARzhfJWuPV4FhsRMgQl".into()),
        previous_encoding_aes_key: Some("OuRbAC6CqnjgxoJU0bVgV9OCvHFy5bcYtMYkZKrmSi7".into()),
        mode,
    };
    let codec = CallbackCodec::new(&config).expect("the settings are right");
    Ends { codec, sender: CallbackSender::new(&config).expect("the settings are right") }
}

static PLAIN: LazyLock<Ends> = LazyLock::new(|| ends(CallbackMode::Plain));
static SECURE: LazyLock<Ends> = LazyLock::new(|| ends(CallbackMode::Secure));

fn open(ends: &Ends, format: CallbackFormat, push: &Push) -> Result<Opened, CallbackRefused> {
    ends.codec.open(&push.query, format, push.body.as_bytes(), NOW)
}

/// Opens bytes as plain mode does and as what secure mode has inside; what WeChat signed is never taken for a forgery.
fn opened(format: CallbackFormat, data: &[u8]) -> Option<VerifiedMessage> {
    let sealed = SECURE.sender.push_sealed(format, ACCOUNT, data, NOW, "1", &[7; 16]);
    let sealed = open(&SECURE, format, &sealed);
    let query = PLAIN.sender.sign_query(NOW, "1");
    let plain = PLAIN.codec.open(&query, format, data, NOW);
    match (&sealed, &plain) {
        (Ok(Opened::Message(sealed)), Ok(Opened::Message(plain))) => {
            assert_eq!((sealed.from(), sealed.kind()), (plain.from(), plain.kind()));
            for (ends, message) in [(&*SECURE, sealed), (&*PLAIN, plain)] {
                let reply = Reply::Text(ReplyText::new("好").expect("a text"));
                let answer = ends.codec.answer(message, &reply, NOW, &[9; 16]);
                assert_eq!(message.is_signed(), SECURE.sender.open_reply(answer.as_bytes()).is_ok());
            }
        }
        (Err(CallbackRefused::Forbidden(_) | CallbackRefused::Malformed), _)
        | (Ok(Opened::Unreadable), Err(_))
        | (Ok(Opened::Message(_)), Err(CallbackRefused::Forbidden(_) | CallbackRefused::Malformed)) => {}
        (sealed, plain) => panic!("{sealed:?} {plain:?}"),
    }
    match plain {
        Ok(Opened::Message(message)) => Some(message),
        Ok(Opened::Unreadable) | Err(_) => None,
    }
}

/// No bytes make the reader panic; what it finds whole, another reader reads alike.
pub fn callback_xml(data: &[u8]) {
    let Some(message) = opened(CallbackFormat::Xml, data).filter(|message| !message.is_damaged()) else {
        return;
    };
    let text = std::str::from_utf8(data).expect("what is not UTF-8 is damaged");
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_start();
    // What a declaration says is not read.
    if text.starts_with("<?xml") {
        return;
    }
    let document = roxmltree::Document::parse(text).expect("it is well-formed");
    let root = document.root_element();
    let senders = root.children().filter(|node| node.has_tag_name("FromUserName"));
    let senders: Vec<String> =
        senders.map(|node| node.children().filter_map(|part| part.text()).collect()).collect();
    assert_eq!(senders, [message.from().as_str()]);
}

/// No bytes make the reader panic; what it finds whole, another reader reads alike.
pub fn callback_json(data: &[u8]) {
    let Some(message) = opened(CallbackFormat::Json, data).filter(|message| !message.is_damaged()) else {
        return;
    };
    let value: serde_json::Value = serde_json::from_slice(data).expect("it is well-formed");
    let sender = value.get("FromUserName").expect("it has a sender");
    let sender = sender.as_str().map_or_else(|| sender.to_string(), str::to_owned);
    assert_eq!(sender, message.from().as_str());
}

/// Nothing but what was sealed with the key opens, and whatever bytes are sealed do.
pub fn aes_envelope(data: &[u8]) {
    let format = CallbackFormat::Xml;
    let sealed = SECURE.sender.push_sealed(format, ACCOUNT, data, NOW, "1", &[7; 16]);
    assert!(matches!(
        open(&SECURE, format, &sealed),
        Ok(_) | Err(CallbackRefused::Malformed | CallbackRefused::Forbidden(_))
    ));
    let (at, bits) =
        (data.first().copied().unwrap_or_default(), data.last().copied().unwrap_or_default() | 1);
    let start = sealed.body.find("<Encrypt>").unwrap_or_default();
    let mut altered = sealed.body.clone().into_bytes();
    let place = start + usize::from(at) % (altered.len() - start);
    if let Some(byte) = altered.get_mut(place) {
        *byte ^= bits;
    }
    let refused = SECURE.codec.open(&sealed.query, format, &altered, NOW);
    assert!(refused.is_err(), "{} opens {refused:?}", altered.escape_ascii());
    let text = String::from_utf8_lossy(data);
    let forged = Push { body: message_xml(&[("ToUserName", ACCOUNT), ("Encrypt", &text)]), ..sealed };
    assert!(open(&SECURE, format, &forged).is_err());
    let _ = SECURE.sender.open_reply(data);
}
