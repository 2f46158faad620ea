//! What WeChat gets back.

use saoma_wechat::callback::{
    CallbackCodec, CallbackConfig, CallbackMode, CallbackQuery, Reply, ReplyText, VerifiedMessage,
};

use crate::support::{ACCOUNT, NOW, OPENID, RANDOM, codec, config, scan_xml, sender};

fn received(mode: CallbackMode) -> VerifiedMessage {
    let push = sender(mode).push(ACCOUNT, &scan_xml("login:1"), NOW, "415670741", &RANDOM);
    codec(mode).open(&push.query, push.body.as_bytes(), NOW).unwrap()
}

fn text(content: &str) -> Reply {
    Reply::Text(ReplyText::new(content).unwrap())
}

const PLAIN_REPLY: &str = "<xml><ToUserName><![CDATA[oLq7Z5kT9vXc2Bn4Mf8Wd1Rj6HsA]]></ToUserName>\
    <FromUserName><![CDATA[gh_3f1c9a0b7d52]]></FromUserName><CreateTime>1763610000</CreateTime>\
    <MsgType><![CDATA[text]]></MsgType><Content><![CDATA[登录确认]]></Content></xml>";

#[test]
fn a_plain_message_is_answered_in_plain_xml_with_sender_and_receiver_swapped() {
    let answer =
        codec(CallbackMode::Plain).answer(&received(CallbackMode::Plain), &text("登录确认"), NOW, &RANDOM);
    assert_eq!(answer, PLAIN_REPLY);
}

#[test]
fn an_encrypted_message_is_answered_encrypted() {
    for mode in [CallbackMode::Compat, CallbackMode::Secure] {
        let answer = codec(mode).answer(&received(mode), &text("登录确认"), NOW, &RANDOM);
        assert!(!answer.contains(OPENID));
        assert!(answer.starts_with("<xml><Encrypt><![CDATA[") && answer.ends_with("</xml>"), "{answer}");
        assert_eq!(sender(mode).open_reply(answer.as_bytes()).as_deref(), Ok(PLAIN_REPLY));
    }
}

#[test]
fn success_is_never_encrypted() {
    for mode in [CallbackMode::Plain, CallbackMode::Compat, CallbackMode::Secure] {
        assert_eq!(codec(mode).answer(&received(mode), &Reply::Success, NOW, &RANDOM), "success");
    }
}

#[test]
fn a_reply_altered_on_its_way_does_not_open() {
    let mode = CallbackMode::Secure;
    let answer = codec(mode).answer(&received(mode), &text("hello"), NOW, &RANDOM);
    let altered = answer.replace("<TimeStamp>1763610000", "<TimeStamp>1763610001");
    assert!(sender(mode).open_reply(altered.as_bytes()).is_err());
}

#[test]
fn text_cannot_break_out_of_its_field() {
    let hostile = "a]]><Content>b</Content>]]]]>>";
    let answer =
        codec(CallbackMode::Plain).answer(&received(CallbackMode::Plain), &text(hostile), NOW, &RANDOM);
    let document = roxmltree::Document::parse(&answer).unwrap();
    let content = document.root_element().children().filter(|node| node.has_tag_name("Content"));
    let texts = content.map(|node| node.children().filter_map(|text| text.text()).collect::<String>());
    assert_eq!(texts.collect::<Vec<_>>(), [hostile]);
}

#[test]
fn an_empty_text_cannot_be_made() {
    for empty in ["", " ", "\u{1}\u{7f}", "\n\t"] {
        assert_eq!(ReplyText::new(empty), None, "{empty:?}");
    }
}

#[test]
fn a_text_is_cut_to_what_wechat_takes_and_freed_of_what_xml_cannot_carry() {
    assert_eq!(ReplyText::new("a\u{0}b\u{ffff}c\nd").unwrap().as_str(), "abc\nd");
    let long = ReplyText::new(&"登".repeat(1000)).unwrap();
    assert_eq!(long.as_str().len(), 2046);
    assert_eq!(ReplyText::new(&"a".repeat(3000)).unwrap().as_str().len(), 2048);
}

#[test]
fn nothing_is_sealed_without_a_key() {
    let keyless = CallbackConfig { encoding_aes_key: None, ..config(CallbackMode::Plain) };
    assert_eq!(CallbackCodec::new(&keyless).unwrap().seal("<xml/>", NOW, "1", &RANDOM), None);
}

#[test]
fn a_query_survives_the_way_through_a_url() {
    let push = sender(CallbackMode::Secure).push(ACCOUNT, &scan_xml("login:1"), NOW, "4 1&5=6", &RANDOM);
    let json = serde_json::to_value(&push.query).unwrap();
    assert!(json.get("echostr").is_none());
    assert_eq!(serde_json::from_value::<CallbackQuery>(json).unwrap(), push.query);
    let foreign = serde_json::json!({"signature": "s", "unheard_of": "1"});
    assert_eq!(serde_json::from_value::<CallbackQuery>(foreign).unwrap().signature, "s");
}
