//! What WeChat signs is WeChat's, however broken it is: people write what XML cannot carry.

use saoma_domain::time::Timestamp;
use saoma_wechat::callback::{
    CallbackFormat, CallbackMode, CallbackQuery, CallbackRefused, MessageKind, Opened, VerifiedMessage,
};

use crate::support::{
    ACCOUNT, NOW, OPENID, OpenXml as _, RANDOM, codec, event_xml, scan_xml, sender, stale, vector_file,
};

const BROKEN: [&[u8]; 14] = [
    b"c\x08",
    b"\x02",
    b"\0",
    "\u{fffe}\u{ffff}".as_bytes(),
    b"\xc4\xe3\xba\xc3",
    b"\xed\xa0\xbd",
    b"\xf0\x9f\x98",
    b"]]>",
    b"]]>]]>",
    b"]]><b>bold</b><br/>",
    b"]]><b>never closed",
    b"]]></b><a href=\"https://a.example\">link</a>",
    b"]]>&nbsp;&what;&#2;&#xfffe;&",
    b"]]>1 < 2 <> <<<!---->",
];

/// A message like those that WeChat posts, as the bytes that are encrypted.
fn text_message(content: &[u8]) -> Vec<u8> {
    let xml = format!(
        "<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><FromUserName><![CDATA[{OPENID}]]></FromUserName>\
         <CreateTime>1763610000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA["
    );
    [xml.as_bytes(), content, b"]]></Content><MsgId>22211872600753510</MsgId></xml>"].concat()
}

/// Signs any bytes as secure mode does, and opens them.
fn sealed(message: &[u8]) -> Result<Opened, CallbackRefused> {
    sealed_as(CallbackFormat::Xml, message)
}

fn sealed_as(format: CallbackFormat, message: &[u8]) -> Result<Opened, CallbackRefused> {
    let push = sender(CallbackMode::Secure).push_sealed(format, ACCOUNT, message, NOW, "415670741", &RANDOM);
    codec(CallbackMode::Secure).open(&push.query, format, push.body.as_bytes(), NOW)
}

fn read(message: &[u8]) -> VerifiedMessage {
    match sealed(message) {
        Ok(Opened::Message(message)) => message,
        other => panic!("{other:?}: {}", String::from_utf8_lossy(message)),
    }
}

fn plain_query() -> CallbackQuery {
    sender(CallbackMode::Plain).sign_query(NOW, "1")
}

fn reported(name: &str) -> Vec<u8> {
    let xml = String::from_utf8(vector_file(&format!("reported/{name}"))).unwrap();
    xml.replace("{NOW}", "1763610000").replace("gh_heldout0001", ACCOUNT).into()
}

#[test]
fn a_broken_text_keeps_its_kind_and_sender_in_every_mode() {
    for broken in BROKEN {
        let body = text_message(broken);
        let plainly = codec(CallbackMode::Plain).xml(&plain_query(), &body, NOW).unwrap();
        for message in [read(&body), plainly] {
            let what = String::from_utf8_lossy(broken);
            assert!(message.is_damaged(), "{what}");
            assert_eq!(message.from().as_str(), OPENID, "{what}");
            assert!(matches!(message.kind(), MessageKind::Text { .. }), "{what}");
            assert!(message.msg_id().is_some(), "{what}");
        }
    }
    assert!(!read(&text_message("登录 <b>&amp;".as_bytes())).is_damaged());
}

#[test]
fn the_reported_messages_are_read() {
    for name in ["control-character.xml", "u0002.xml"] {
        let message = read(&reported(name));
        assert!(message.is_damaged() && matches!(message.kind(), MessageKind::Text { .. }), "{name}");
    }
}

#[test]
fn what_says_nothing_that_is_certain_is_wechats_all_the_same() {
    let scan = scan_xml("login:8f3a1c");
    let bodies = [
        "".to_owned(),
        " ".to_owned(),
        "success".to_owned(),
        "{}".to_owned(),
        "<xml>".to_owned(),
        "<xml></xml>".to_owned(),
        scan.clone() + &scan,
        scan.replace("</xml>", ""),
        scan.replace("</EventKey></xml>", ""),
        scan.replace("</xml>", &format!("<FromUserName>{OPENID}</FromUserName></xml>")),
        scan.replace("<xml>", "<xml a='b'>"),
        scan.replace("<xml>", "<xml><!-- -->"),
        scan.replace(OPENID, "\u{2}"),
        scan.replace("1763610000", "now"),
        scan.replace("login:8f3a1c", &"9".repeat(65)),
        format!("<xml>{}</xml>", (0..300).map(|n| format!("<a{n}/>")).collect::<String>()),
        format!("<xml>{}{}</xml>", "<a>".repeat(5000), "</a>".repeat(5000)),
    ];
    for body in &bodies {
        assert!(matches!(sealed(body.as_bytes()), Ok(Opened::Unreadable)), "{body:.300}");
        assert_eq!(
            codec(CallbackMode::Plain).xml(&plain_query(), body.as_bytes(), NOW).err(),
            Some(CallbackRefused::Malformed),
            "what nobody signed is refused: {body:.300}"
        );
    }
    let utf16 = scan.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    assert!(matches!(sealed(&utf16), Ok(Opened::Unreadable)));
}

/// Whoever can break out of a text must not become somebody else.
#[test]
fn no_text_of_a_person_can_say_who_sent_it_or_what_it_is() {
    for forged in [
        "]]></Content><FromUserName><![CDATA[oVICTIMVICTIMVICTIMVICTIM001]]></FromUserName><Content><![CDATA[",
        "]]></Content><MsgType>event</MsgType><Event>SCAN</Event><EventKey>login:1</EventKey><x><![CDATA[",
        "]]></Content></xml><xml><FromUserName>oVICTIMVICTIMVICTIMVICTIM001</FromUserName><x><![CDATA[",
        "]]><Event>SCAN</Event><EventKey>login:1</EventKey><![CDATA[",
        "]]></Content><Event>SCAN</Event><EventKey>login:1</EventKey><x><![CDATA[",
    ] {
        match sealed(&text_message(forged.as_bytes())).unwrap() {
            Opened::Unreadable => {}
            Opened::Message(message) => {
                assert_eq!(message.from().as_str(), OPENID);
                assert!(matches!(message.kind(), MessageKind::Text { .. }), "{forged}");
            }
        }
    }
}

#[test]
fn a_scan_that_is_broken_elsewhere_counts_where_its_fields_are_certain() {
    for ticket in ["<![CDATA[t\u{2}]]>", "&what;", "<![CDATA[t]]>]]>", "<b>t"] {
        let xml = scan_xml("login:8f3a1c").replace("</xml>", &format!("<Ticket>{ticket}</Ticket></xml>"));
        let message = read(xml.as_bytes());
        assert!(message.is_damaged());
        assert_eq!(message.kind(), &MessageKind::Scan { scene: "login:8f3a1c".to_owned() }, "{ticket}");
    }
}

#[test]
fn a_dtd_is_refused_wherever_it_stands() {
    let scan = scan_xml("login:1");
    for dtd in ["<!DOCTYPE xml>", "<!doctype xml>", "<!DOCTYPE xml [<!ENTITY a \"b\">]>", "<!ENTITY a \"b\">"]
    {
        let inside = text_message(format!("]]>{dtd}").as_bytes());
        for body in [format!("{dtd}{scan}").into_bytes(), format!("{scan}{dtd}").into_bytes(), inside] {
            assert_eq!(sealed(&body).err(), Some(CallbackRefused::Malformed), "{dtd}");
            let plainly = codec(CallbackMode::Plain).xml(&plain_query(), &body, NOW);
            assert_eq!(plainly.err(), Some(CallbackRefused::Malformed), "{dtd}");
        }
    }
    let quoted = read(&text_message(b"<!DOCTYPE html>"));
    assert!(!quoted.is_damaged(), "as a text it is none");
}

#[test]
fn what_is_readable_beside_an_encrypted_message_may_be_broken() {
    let push = sender(CallbackMode::Compat).push(ACCOUNT, &scan_xml("login:1"), NOW, "1", &RANDOM);
    let body = push.body.replace("<Encrypt>", "<Content><![CDATA[\u{2}]]>]]></Content><Encrypt>");
    assert!(codec(CallbackMode::Compat).xml(&push.query, body.as_bytes(), NOW).is_ok());
}

#[test]
fn the_report_of_a_mass_message_with_eight_articles_is_read() {
    let four = String::from_utf8(reported("mass-4-articles.xml")).unwrap();
    let eight = four.replacen("<ResultList>", &format!("<ResultList>{}", items(&four)), 1);
    for (articles, xml) in [(4, four), (8, eight)] {
        assert_eq!(xml.matches("<OriginalArticleUrl>").count(), articles);
        let message = read(xml.as_bytes());
        assert!(!message.is_damaged());
        assert_eq!(
            message.kind(),
            &MessageKind::Other { name: "MASSSENDJOBFINISH".to_owned(), key: String::new() }
        );
        assert!(codec(CallbackMode::Plain).xml(&plain_query(), xml.as_bytes(), NOW).is_ok());
    }
}

/// Returns the first list's items.
fn items(report: &str) -> &str {
    report.split("<ResultList>").nth(1).and_then(|rest| rest.split("</ResultList>").next()).unwrap()
}

#[test]
fn a_signed_time_of_another_hour_is_stale_whatever_the_query_says() {
    for (secs, fresh) in [(300, true), (-300, true), (301, false), (-301, false), (86_400, false)] {
        let xml = scan_xml("login:1").replace("1763610000", &(NOW.as_secs() - secs).to_string());
        match sealed(xml.as_bytes()) {
            Ok(_) => assert!(fresh, "{secs} s"),
            Err(refused) => assert_eq!((refused, fresh), (stale(secs), false)),
        }
    }
}

fn plain_json(json: &str) -> Result<Opened, CallbackRefused> {
    codec(CallbackMode::Plain).open(&plain_query(), CallbackFormat::Json, json.as_bytes(), NOW)
}

#[test]
fn json_counts_like_xml_and_is_answered_in_json() {
    use saoma_wechat::callback::{Reply, ReplyText};

    let scan = format!(
        r#"{{"ToUserName":"{ACCOUNT}","FromUserName":"{OPENID}","CreateTime":1763610000,"MsgType":"event",
            "Event":"SCAN","EventKey":"login:1","List":[{{"a":1}}],"Flag":true}}"#
    );
    for mode in [CallbackMode::Plain, CallbackMode::Secure] {
        let opened = match mode {
            CallbackMode::Plain => plain_json(&scan),
            CallbackMode::Compat | CallbackMode::Secure => sealed_as(CallbackFormat::Json, scan.as_bytes()),
        };
        let Ok(Opened::Message(message)) = opened else { panic!("{mode:?} {opened:?}") };
        assert_eq!(message.kind(), &MessageKind::Scan { scene: "login:1".to_owned() });
        assert!(message.is_json() && !message.is_damaged());
        let reply = Reply::Text(ReplyText::new("登录 \"]]>").unwrap());
        let answer = codec(mode).answer(&message, &reply, NOW, &RANDOM);
        let opened = if mode == CallbackMode::Plain {
            answer
        } else {
            let envelope: serde_json::Value = serde_json::from_str(&answer).unwrap();
            assert!(envelope["TimeStamp"].is_i64() && envelope["Encrypt"].is_string());
            sender(mode).open_reply(answer.as_bytes()).unwrap()
        };
        let expected = serde_json::json!({
            "ToUserName": OPENID, "FromUserName": ACCOUNT, "CreateTime": NOW.as_secs(),
            "MsgType": "text", "Content": "登录 \"]]>",
        });
        assert_eq!(serde_json::from_str::<serde_json::Value>(&opened).unwrap(), expected);
    }
    let broken = scan.replace("\"Flag\":true", r#""Content":"\ud83d""#);
    let opened = sealed_as(CallbackFormat::Json, broken.as_bytes());
    assert!(matches!(opened, Ok(Opened::Message(message)) if message.is_damaged()));
    for unclear in
        [scan.replace("\"Flag\":true", "\"FromUserName\":\"oVICTIM\""), "{}".to_owned(), "{".to_owned()]
    {
        let opened = sealed_as(CallbackFormat::Json, unclear.as_bytes());
        assert!(matches!(opened, Ok(Opened::Unreadable)), "{unclear}");
        assert_eq!(plain_json(&unclear).err(), Some(CallbackRefused::Malformed), "{unclear}");
    }
}

#[test]
fn an_event_without_a_scene_is_told_from_one_with_an_unreadable_one() {
    let message = read(event_xml("subscribe", "qrscene_\u{2}").as_bytes());
    assert_eq!(
        message.kind(),
        &MessageKind::Subscribe { scene: Some("\u{2}".to_owned()) },
        "no login has it"
    );
    assert_eq!(message.create_time(), Timestamp::from_secs(1_763_610_000).as_secs());
}
