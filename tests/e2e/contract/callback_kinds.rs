//! All kinds of messages that WeChat sends, each in the four forms in which it may come: XML or JSON, readable or encrypted.

use reqwest::Method;
use saoma_sandbox::{CallbackMode, OfficialAccount};
use saoma_wechat::callback::{CallbackFormat, Push};
use serde_json::{Value, json};

use super::wechat::{Sender, deliver_as};
use crate::{
    harness::{Answer, Device, Service, Setup},
    site_api::support::{call, with_root},
};

/// Stands for the scene of a login that waits.
const LOGIN: &str = "{LOGIN}";

/// Stands for a text that neither format can carry as it is.
const TEXT: &str = "{TEXT}";

/// What people write that XML or JSON cannot carry.
const BROKEN: [&str; 5] = ["c\u{8}", "\u{2}", "\u{fffe}", "]]><b>&nbsp;<", "\u{1f}\u{0}"];

/// A kind: what the journal calls it, what it leads to, and its own fields.
type Kind = (&'static str, &'static str, Value);

fn event(name: &'static str, led_to: &'static str, own: Value) -> Kind {
    called(name, name, led_to, own)
}

/// An event that the journal calls otherwise.
fn called(kind: &'static str, name: &str, led_to: &'static str, mut own: Value) -> Kind {
    own["MsgType"] = json!("event");
    own["Event"] = json!(name);
    (kind, led_to, own)
}

fn message(kind: &'static str, mut own: Value) -> Kind {
    own["MsgType"] = json!(kind);
    own["MsgId"] = json!(22_211_872_600_753_510_u64);
    (kind, "success", own)
}

fn subscribe(led_to: &'static str, key: &str) -> Kind {
    event("subscribe", led_to, json!({"EventKey": key, "Ticket": "gQH47zwAAA"}))
}

/// What is about logins and followers.
fn people_who_come_and_go() -> Vec<Kind> {
    let revoked = json!({"OpenID": "{OPENID}", "AppID": "wx", "RevokeInfo": "301"});
    vec![
        subscribe("phone_needed", &format!("qrscene_{LOGIN}")),
        called("scan", "SCAN", "phone_needed", json!({"EventKey": LOGIN, "Ticket": "gQH47zwAAA"})),
        subscribe("followed", ""),
        subscribe("followed", "qrscene_shop:42"),
        subscribe("followed", "qrscene_qrscene_42"),
        subscribe("followed", "last_trade_no_4200001234"),
        subscribe("followed", "scanbarcode|EAN_13,6901234567892"),
        subscribe("followed", "scanimage|1"),
        event("subscribe", "followed", json!({})),
        called("scan", "SCAN", "success", json!({"EventKey": "shop:42", "Ticket": "t"})),
        called("scan", "SCAN", "success", json!({"EventKey": 42, "Ticket": "t"})),
        event("unsubscribe", "unfollowed", json!({"EventKey": ""})),
        event("user_authorization_revoke", "revoked", revoked.clone()),
        event("user_authorization_cancellation", "revoked", revoked.clone()),
        event("user_info_modified", "profile_changed", revoked),
    ]
}

/// What people write and tap.
fn words_and_taps() -> Vec<Kind> {
    let place = json!({"Location_X": "23", "Location_Y": "113", "Scale": "15", "Label": "路", "Poiname": ""});
    let code = json!({"ScanType": "qrcode", "ScanResult": "1"});
    let pictures = json!({"Count": 2, "PicList": [{"PicMd5Sum": "5a"}, {"PicMd5Sum": "5b"}]});
    let nested =
        |name, field: &str, value: &Value| event(name, "success", json!({"EventKey": "6", field: value}));
    vec![
        message("text", json!({"Content": "登录 <b>&amp;"})),
        message("image", json!({"PicUrl": "http://mmbiz.qpic.cn/1", "MediaId": "m"})),
        message("voice", json!({"MediaId": "m", "Format": "amr", "Recognition": "你好"})),
        message("video", json!({"MediaId": "m", "ThumbMediaId": "t"})),
        message("shortvideo", json!({"MediaId": "m", "ThumbMediaId": "t"})),
        message(
            "location",
            json!({"Location_X": 23.134_521, "Location_Y": 113.358_803, "Scale": 20, "Label": "路"}),
        ),
        message("link", json!({"Title": "公众平台", "Description": "", "Url": "https://a.example"})),
        message("something_new", json!({"Whatever": LOGIN})),
        called("click", "CLICK", "success", json!({"EventKey": LOGIN})),
        called("view", "VIEW", "success", json!({"EventKey": "https://a.example/?secret=1", "MenuId": 4})),
        called(
            "location",
            "LOCATION",
            "success",
            json!({"Latitude": 23.1, "Longitude": 113.3, "Precision": 119.4}),
        ),
        nested("scancode_push", "ScanCodeInfo", &code),
        nested("scancode_waitmsg", "ScanCodeInfo", &code),
        nested("pic_sysphoto", "SendPicsInfo", &pictures),
        nested("pic_photo_or_album", "SendPicsInfo", &pictures),
        nested("pic_weixin", "SendPicsInfo", &pictures),
        nested("location_select", "SendLocationInfo", &place),
        event("view_miniprogram", "success", json!({"EventKey": "pages/index", "MenuId": "m"})),
    ]
}

/// What WeChat itself reports.
fn reports() -> Vec<Kind> {
    let article = |number: u32| json!({"ArticleIdx": number, "OriginalArticleUrl": "http://a.example", "CanReprint": 1});
    let address = |number: u32| json!({"ArticleIdx": number, "ArticleUrl": "http://a.example/s"});
    let mass = json!({
        "MsgID": 1_000_001_625, "Status": "send success", "TotalCount": 10, "SentCount": 9, "ErrorCount": 0,
        "CopyrightCheckResult": {"Count": 8, "ResultList": (1..=8).map(article).collect::<Vec<_>>(), "CheckState": 2},
        "ArticleUrlResult": {"Count": 8, "ResultList": (1..=8).map(address).collect::<Vec<_>>()},
    });
    let sent = json!({"MsgID": 200_163_836, "Status": "failed:user block"});
    vec![
        event("MASSSENDJOBFINISH", "success", mass),
        event("TEMPLATESENDJOBFINISH", "success", sent),
        event(
            "subscribe_msg_popup_event",
            "success",
            json!({"SubscribeMsgPopupEvent": {"List": [{"TemplateId": "t"}]}}),
        ),
        event("qualification_verify_success", "success", json!({"ExpiredTime": 1_442_401_156})),
        event("something_new", "success", json!({"EventKey": LOGIN, "Deep": {"Deeper": [1, 2]}})),
    ]
}

/// A form, with the app that is called in it.
#[derive(Clone, Copy, Debug)]
struct Form {
    app: &'static str,
    format: CallbackFormat,
}

const FORMS: [Form; 4] = [
    Form { app: "main", format: CallbackFormat::Xml },
    Form { app: "main", format: CallbackFormat::Json },
    Form { app: "plain", format: CallbackFormat::Xml },
    Form { app: "plain", format: CallbackFormat::Json },
];

/// A service with an account in secure mode and one in plain mode, and WeChat's end of both.
struct World {
    service: Service,
    secure: Sender,
    plain: Sender,
}

impl World {
    async fn start() -> Self {
        let account = OfficialAccount {
            name: "plain".to_owned(),
            app_id: "wx6b1c5d4e3f2a7089".to_owned(),
            original_id: "gh_111111111111".to_owned(),
            mode: CallbackMode::Plain,
            ..OfficialAccount::demo()
        };
        let setup = with_root(Setup::default().also(account.clone()));
        let setup = setup.set("wechat.apps.1.allow_unsigned_body", true);
        let unlimited = ["logins_per_ip_burst", "logins_per_ip_per_min", "logins_per_network_per_min"];
        let setup = unlimited.iter().fold(setup, |setup, limit| setup.set(&format!("limits.{limit}"), 0));
        let service = setup.start().await;
        Self { service, secure: Sender::demo(), plain: Sender::of(&account) }
    }

    fn sender(&self, form: Form) -> &Sender {
        if form.app == "main" { &self.secure } else { &self.plain }
    }

    /// Posts a message in a form.
    async fn post(&self, form: Form, nonce: &str, body: &str) -> Answer {
        let push = match form.app {
            "main" => self.secure.sealed(form.format, body.as_bytes()),
            // A signature that covers no body is good for one.
            _ => Push { query: self.plain.signed_with(0, nonce), body: body.to_owned() },
        };
        let kind = match form.format {
            CallbackFormat::Xml => "text/xml",
            CallbackFormat::Json => "application/json",
        };
        deliver_as(kind, &self.service, form.app, &push).await
    }

    /// Returns what the journal has of a person: each kind with what it led to.
    async fn journal(&self, openid: &str) -> Vec<(String, String)> {
        let listed =
            call(&self.service, Method::GET, &format!("/v1/admin/events?openid={openid}"), None).await;
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
        let items = listed.json["items"].as_array().unwrap_or_else(|| panic!("{}", listed.text));
        items.iter().map(|entry| (text(entry, "kind"), text(entry, "outcome"))).collect()
    }

    /// Writes a message from a person in a format.
    fn write(&self, form: Form, openid: &str, own: &Value) -> String {
        let own = own.as_object().unwrap();
        // As WeChat orders them: what it is stands before what it says.
        let is_head = |name: &str| ["MsgType", "Event"].contains(&name);
        let head = own.iter().filter(|(name, _)| is_head(name));
        let ordered = head.chain(own.iter().filter(|(name, _)| !is_head(name)));
        let ordered = ordered.map(|(name, value)| (name.clone(), value.clone()));
        let fields: Vec<(String, Value)> =
            self.sender(form).common(openid).into_iter().chain(ordered).collect();
        match form.format {
            CallbackFormat::Xml => {
                format!(
                    "<xml>{}</xml>",
                    fields.iter().map(|(name, value)| element(name, value)).collect::<String>()
                )
            }
            CallbackFormat::Json => Value::Object(fields.into_iter().collect()).to_string(),
        }
    }
}

fn element(name: &str, value: &Value) -> String {
    format!("<{name}>{}</{name}>", xml(value))
}

/// Writes a value as WeChat's XML does.
fn xml(value: &Value) -> String {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| element(name, value)).collect(),
        Value::Array(items) => items.iter().map(|item| format!("<item>{}</item>", xml(item))).collect(),
        Value::String(text) => format!("<![CDATA[{text}]]>"),
        Value::Number(_) | Value::Bool(_) | Value::Null => value.to_string(),
    }
}

/// Checks that an answer is a text to a person, in the form in which the message came.
fn is_reply(world: &World, form: Form, openid: &str, answer: &Answer) {
    let plain = if form.app == "main" { world.secure.open(answer) } else { answer.text.clone() };
    match form.format {
        CallbackFormat::Json => {
            let reply: Value = serde_json::from_str(&plain).unwrap();
            assert_eq!(
                (&reply["ToUserName"], &reply["MsgType"]),
                (&json!(openid), &json!("text")),
                "{plain}"
            );
        }
        CallbackFormat::Xml => {
            assert!(plain.contains(&format!("<ToUserName><![CDATA[{openid}]]>")), "{plain}")
        }
    }
}

#[tokio::test]
async fn every_kind_leads_to_the_same_in_every_form() {
    let world = World::start().await;
    let kinds = [people_who_come_and_go(), words_and_taps(), reports()].concat();
    for (number, (kind, led_to, own)) in kinds.iter().enumerate() {
        for (at, form) in FORMS.into_iter().enumerate() {
            let openid = format!("oKIND{number:02}FORM{at}KINDFORMKINDFORM1");
            let device = Device::start_at(&world.service, form.app).await;
            let body = world.write(form, &openid, own).replace(LOGIN, &format!("login:web:{}", device.id));
            let body = body.replace("{OPENID}", &openid);
            let answer = world.post(form, &format!("{number}{at}"), &body).await;
            assert_eq!(answer.status, 200, "{form:?} {body}: {}", answer.text);
            let in_journal = [((*kind).to_owned(), (*led_to).to_owned())];
            assert_eq!(world.journal(&openid).await, in_journal, "{form:?} {body}");
            let moves = *led_to == "phone_needed";
            assert_eq!(
                device.look(&world.service).await.says(),
                if moves { "unregistered" } else { "loop" },
                "{form:?} {body}"
            );
            if moves {
                is_reply(&world, form, &openid, &answer);
            } else {
                assert_eq!(answer.text, "success", "{form:?} {body}");
            }
        }
    }
}

#[tokio::test]
async fn what_neither_format_can_carry_is_taken_in_every_form() {
    let world = World::start().await;
    let (_, _, own) = message("text", json!({"Content": TEXT}));
    for (number, broken) in BROKEN.into_iter().enumerate() {
        for (at, form) in FORMS.into_iter().enumerate() {
            let openid = format!("oODD{number:02}FORM{at}ODDFORMODDFORMODD1");
            let body = world.write(form, &openid, &own).replace(TEXT, broken);
            let answer = world.post(form, &format!("{number}{at}"), &body).await;
            assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, "success"), "{form:?} {body:?}");
            let in_journal = [("text".to_owned(), "success".to_owned())];
            assert_eq!(world.journal(&openid).await, in_journal, "{form:?} {body:?}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_in_the_journal_all_the_same() {
    let world = World::start().await;
    let form = FORMS[0];
    assert_eq!(world.post(form, "1", "<xml>").await.text, "success");
    assert_eq!(world.journal("unknown").await, [("unreadable".to_owned(), "success".to_owned())]);
}
