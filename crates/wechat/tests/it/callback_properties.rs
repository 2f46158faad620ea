//! What holds for any message and any bytes.

use proptest::prelude::*;
use saoma_wechat::callback::{CallbackMode, CallbackQuery, MessageKind, Reply, ReplyText, message_xml};

use crate::support::{ACCOUNT, NOW, OPENID, OpenXml as _, RANDOM, codec, scan_xml, sender};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_reply_to_an_encrypted_message_opens_again(text in "x\\PC{0,400}", random: [u8; 16], nonce in "[!-~]{0,20}x") {
        let push = sender(CallbackMode::Secure).push(ACCOUNT, &scan_xml("login:1"), NOW, &nonce, &RANDOM);
        let secure = codec(CallbackMode::Secure);
        let message = secure.xml(&push.query, push.body.as_bytes(), NOW).unwrap();
        let plain = sender(CallbackMode::Plain).sign_query(NOW, &nonce);
        let plainly = codec(CallbackMode::Plain).xml(&plain, scan_xml("login:1").as_bytes(), NOW).unwrap();
        let reply = Reply::Text(ReplyText::new(&text).unwrap());
        let sealed = secure.answer(&message, &reply, NOW, &random);
        let opened = sender(CallbackMode::Secure).open_reply(sealed.as_bytes());
        prop_assert_eq!(opened, Ok(secure.answer(&plainly, &reply, NOW, &random)));
    }

    #[test]
    fn any_text_comes_through_in_every_mode(content in "\\PC{1,300}", random: [u8; 16]) {
        for mode in [CallbackMode::Plain, CallbackMode::Compat, CallbackMode::Secure] {
            let xml = message_xml(&[
                ("ToUserName", ACCOUNT),
                ("FromUserName", OPENID),
                ("CreateTime", "1763610000"),
                ("MsgType", "text"),
                ("Content", &content),
                ("MsgId", "24900000000000005"),
            ]);
            let push = sender(mode).push(ACCOUNT, &xml, NOW, "1", &random);
            let message = codec(mode).xml(&push.query, push.body.as_bytes(), NOW).unwrap();
            prop_assert_eq!(message.kind(), &MessageKind::Text { content: content.clone() });
            prop_assert_eq!(message.msg_id(), Some("24900000000000005"));
        }
    }

    #[test]
    fn any_changed_byte_of_an_encrypted_body_is_refused(at: prop::sample::Index, change in 1_u8..) {
        let push = sender(CallbackMode::Secure).push(ACCOUNT, &scan_xml("login:1"), NOW, "1", &RANDOM);
        let mut body = push.body.into_bytes();
        let at = at.index(body.len());
        body[at] ^= change;
        prop_assert!(codec(CallbackMode::Secure).xml(&push.query, &body, NOW).is_err());
    }

    #[test]
    fn no_bytes_make_it_panic(body: Vec<u8>, encrypted in "[A-Za-z0-9+/=]{0,200}") {
        for mode in [CallbackMode::Plain, CallbackMode::Compat, CallbackMode::Secure] {
            let query = sender(mode).sign_query(NOW, "1");
            prop_assert!(codec(mode).xml(&query, &body, NOW).is_err());
            let _ = codec(mode).xml(&query, message_xml(&[("Encrypt", &encrypted)]).as_bytes(), NOW);
            let _ = sender(mode).open_reply(&body);
        }
    }

    #[test]
    fn no_markup_makes_it_panic(body in "(<|</|>|/>|xml|a|<!\\[CDATA\\[|\\]\\]>|&amp;|&#0;|=|\"| |\\n){0,40}") {
        let query = sender(CallbackMode::Plain).sign_query(NOW, "1");
        prop_assert!(codec(CallbackMode::Plain).xml(&query, body.as_bytes(), NOW).is_err());
    }

    #[test]
    fn no_query_makes_it_panic(signature in "\\PC*", timestamp in "\\PC*", nonce in "\\PC*", echostr: Option<String>) {
        let query = CallbackQuery { signature, timestamp, nonce, echostr, ..CallbackQuery::default() };
        prop_assert!(codec(CallbackMode::Plain).echo(&query, NOW).is_err());
    }
}

#[test]
fn messages_of_every_length_up_to_three_paddings_come_through() {
    for length in 0..=96 {
        let xml = scan_xml("login:1").replace("</xml>", &format!("<a>{}</a></xml>", "x".repeat(length)));
        let push = sender(CallbackMode::Secure).push(ACCOUNT, &xml, NOW, "1", &RANDOM);
        assert!(codec(CallbackMode::Secure).xml(&push.query, push.body.as_bytes(), NOW).is_ok(), "{length}");
    }
}
