//! What WeChat gets back.

use saoma_wechat::callback::{
    Article, CallbackFormat, CallbackMode, CallbackQuery, Opened, Reply, ReplyText, VerifiedMessage,
};

use crate::support::{ACCOUNT, NOW, OPENID, OpenXml as _, RANDOM, codec, scan_xml, sender};

fn received(mode: CallbackMode) -> VerifiedMessage {
    let push = sender(mode).push(ACCOUNT, &scan_xml("login:1"), NOW, "415670741", &RANDOM);
    codec(mode).xml(&push.query, push.body.as_bytes(), NOW).unwrap()
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

fn picture() -> Reply {
    Reply::Image { media_id: "MEDIA".to_owned() }
}

fn card() -> Reply {
    Reply::News(Article {
        title: "标题".to_owned(),
        description: "]]>".to_owned(),
        picture: String::new(),
        url: "https://example.com/?a=1&b=2".to_owned(),
    })
}

#[test]
fn pictures_and_cards_are_written_as_wechat_documents_them() {
    let mode = CallbackMode::Plain;
    let content = |reply: &Reply| {
        let answer = codec(mode).answer(&received(mode), reply, NOW, &RANDOM);
        let content = answer.split_once("</CreateTime>").unwrap().1.strip_suffix("</xml>").unwrap();
        content.to_owned()
    };
    assert_eq!(
        content(&picture()),
        "<MsgType><![CDATA[image]]></MsgType><Image><MediaId><![CDATA[MEDIA]]></MediaId></Image>"
    );
    assert_eq!(
        content(&card()),
        "<MsgType><![CDATA[news]]></MsgType><ArticleCount>1</ArticleCount><Articles><item>\
         <Title><![CDATA[标题]]></Title><Description><![CDATA[]]]]><![CDATA[>]]></Description>\
         <PicUrl><![CDATA[]]></PicUrl><Url><![CDATA[https://example.com/?a=1&b=2]]></Url></item></Articles>"
    );
}

#[test]
fn pictures_and_cards_are_written_in_json_too() {
    let mode = CallbackMode::Secure;
    let said = format!(
        r#"{{"ToUserName":"{ACCOUNT}","FromUserName":"{OPENID}","CreateTime":1763610000,"MsgType":"text","Content":"a"}}"#
    );
    let push = sender(mode).push_sealed(CallbackFormat::Json, ACCOUNT, said.as_bytes(), NOW, "1", &RANDOM);
    let opened = codec(mode).open(&push.query, CallbackFormat::Json, push.body.as_bytes(), NOW).unwrap();
    let Opened::Message(message) = opened else { unreachable!("it is readable") };
    let written = |reply: &Reply| -> serde_json::Value {
        let answer = codec(mode).answer(&message, reply, NOW, &RANDOM);
        serde_json::from_str(&sender(mode).open_reply(answer.as_bytes()).unwrap()).unwrap()
    };
    let addressed = serde_json::json!({
        "ToUserName": OPENID, "FromUserName": ACCOUNT, "CreateTime": 1_763_610_000,
    });
    let with = |own: serde_json::Value| {
        let mut all = addressed.clone();
        all.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        all
    };
    assert_eq!(
        written(&picture()),
        with(serde_json::json!({"MsgType": "image", "Image": {"MediaId": "MEDIA"}}))
    );
    assert_eq!(
        written(&card()),
        with(serde_json::json!({
            "MsgType": "news", "ArticleCount": 1, "Articles": [{
                "Title": "标题", "Description": "]]>", "PicUrl": "", "Url": "https://example.com/?a=1&b=2",
            }],
        }))
    );
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
fn a_query_survives_the_way_through_a_url() {
    let push = sender(CallbackMode::Secure).push(ACCOUNT, &scan_xml("login:1"), NOW, "4 1&5=6", &RANDOM);
    let json = serde_json::to_value(&push.query).unwrap();
    assert!(json.get("echostr").is_none());
    assert_eq!(serde_json::from_value::<CallbackQuery>(json).unwrap(), push.query);
    let foreign = serde_json::json!({"signature": "s", "unheard_of": "1"});
    assert_eq!(serde_json::from_value::<CallbackQuery>(foreign).unwrap().signature, "s");
}
