//! `POST /wechat/{app}/callback` by WeChat: what moves a login, what does not, and what is replied.

use saoma_sandbox::{CallbackMode, OfficialAccount};

use saoma_wechat::callback::CallbackFormat;

use super::wechat::{OPENID, Sender, deliver, deliver_as};
use crate::harness::{Answer, Device, Service, Setup, bind_own_phone, eventually, register, scanned_by_new};

fn content(xml: &str) -> String {
    let start = xml.split("<Content><![CDATA[").nth(1).unwrap_or_else(|| panic!("no text in {xml}"));
    start.split("]]>").next().unwrap().to_owned()
}

fn is_success(answer: &Answer, what: &str) {
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, "success"), "{what}");
}

#[tokio::test]
async fn a_scan_of_a_follower_and_a_new_followers_scan_move_the_login() {
    let (service, wechat) = (Setup::default().start().await, Sender::demo());
    let event = |name: &str, key: &str| {
        wechat.message(&[("MsgType", "event"), ("Event", name), ("EventKey", key), ("Ticket", "t")])
    };
    for (name, prefix) in [("SCAN", ""), ("subscribe", "qrscene_"), ("scan", ""), ("SUBSCRIBE", "qrscene_")] {
        let device = Device::start(&service).await;
        let xml = event(name, &format!("{prefix}login:web:{}", device.id));
        let answer = deliver(&service, "main", &wechat.push(&xml)).await;
        assert_eq!(answer.status, 200);
        assert!(content(&wechat.open(&answer)).contains("login.example.test"), "the reply names the site");
        assert_eq!(device.look(&service).await.says(), "unregistered", "{name}");
    }
}

#[tokio::test]
async fn everything_else_is_answered_with_success_and_moves_nothing() {
    let (service, wechat) = (Setup::default().start().await, Sender::demo());
    let device = Device::start(&service).await;
    let scene = format!("login:web:{}", device.id);
    let foreign = Device::start(&Setup::default().set("server.key", "a5".repeat(32)).start().await).await;
    let event = |name: &str, key: &str| {
        (format!("{name} {key}"), wechat.message(&[("MsgType", "event"), ("Event", name), ("EventKey", key)]))
    };
    let message = |kind: &str, field: &str| {
        (format!("{kind} message"), wechat.message(&[("MsgType", kind), (field, &scene), ("MsgId", "23")]))
    };
    let altered: String = device.id.chars().rev().collect();
    let others = [
        event("SCAN", "shop:42"),
        event("SCAN", "42"),
        event("SCAN", ""),
        event("SCAN", &device.id),
        event("SCAN", &scene.to_uppercase()),
        event("SCAN", &format!("qrscene_{scene}")),
        event("SCAN", &format!("bind:web:{}", device.id)),
        event("SCAN", &format!("login:web:{altered}")),
        event("SCAN", &format!("login:web:{}", foreign.id)),
        event("SCAN", "login:web:x"),
        event("subscribe", ""),
        event("subscribe", &scene),
        event("subscribe", "qrscene_shop:42"),
        event("subscribe", &format!("qrscene_qrscene_{scene}")),
        event("subscribe", &format!("last_trade_no_{scene}")),
        event("unsubscribe", &scene),
        event("CLICK", &scene),
        event("VIEW", &scene),
        event("LOCATION", &scene),
        event("scancode_push", &scene),
        message("text", "Content"),
        message("image", "PicUrl"),
        message("something-new", "Whatever"),
    ];
    for (what, xml) in &others {
        is_success(&deliver(&service, "main", &wechat.push(xml)).await, what);
    }
    let stands = device.look(&service).await;
    assert_eq!((stands.says(), stands.json["version"].as_u64()), ("loop", Some(1)));
}

#[tokio::test]
async fn the_same_event_twice_has_the_effect_and_the_reply_of_one() {
    let (service, wechat) = (Setup::default().start().await, Sender::demo());
    let device = Device::start(&service).await;
    let push = wechat.push(&wechat.scan(&format!("login:web:{}", device.id)));
    let replies = [deliver(&service, "main", &push).await, deliver(&service, "main", &push).await];
    assert_eq!(content(&wechat.open(&replies[0])), content(&wechat.open(&replies[1])));
    assert_eq!(device.look(&service).await.json["version"], 2);
    device.cancel(&service).await;
    let over = deliver(&service, "main", &push).await;
    assert_eq!(over.status, 200);
    assert_eq!(device.look(&service).await.says(), "expired", "a replay opens nothing again");
}

#[tokio::test]
async fn a_code_of_one_account_is_not_scanned_through_another() {
    let second = OfficialAccount {
        name: "second".to_owned(),
        app_id: "wx6b1c5d4e3f2a7089".to_owned(),
        original_id: "gh_111111111111".to_owned(),
        ..OfficialAccount::demo()
    };
    let service = Setup::default().also(second.clone()).start().await;
    let (device, wechat) = (Device::start_at(&service, "main").await, Sender::of(&second));
    let push = wechat.push(&wechat.scan(&format!("login:web:{}", device.id)));
    is_success(&deliver(&service, "second", &push).await, "the other account's own event");
    assert_eq!(device.look(&service).await.says(), "loop");
}

#[tokio::test]
async fn in_plain_mode_the_reply_is_readable() {
    let account = OfficialAccount { mode: CallbackMode::Plain, ..OfficialAccount::demo() };
    let setup = Setup::default().account(account.clone()).set("wechat.apps.0.allow_unsigned_body", true);
    let (service, wechat) = (setup.start().await, Sender::of(&account));
    let device = Device::start(&service).await;
    let answer =
        deliver(&service, "main", &wechat.push(&wechat.scan(&format!("login:web:{}", device.id)))).await;
    assert!(content(&answer.text).contains("login.example.test"));
    assert_eq!(device.look(&service).await.says(), "unregistered");
}

#[tokio::test]
async fn a_phone_that_is_to_be_told_nothing_is_told_nothing() {
    let (service, wechat) =
        (Setup::default().set("wechat.apps.0.confirm", "none").start().await, Sender::demo());
    let device = Device::start(&service).await;
    let push = wechat.push(&wechat.scan(&format!("login:web:{}", device.id)));
    is_success(&deliver(&service, "main", &push).await, "confirm = none");
    assert_eq!(device.look(&service).await.says(), "unregistered");
}

/// WeChat tells a person that the account is out of order where the answer is any other.
#[tokio::test]
async fn what_a_follower_writes_is_acknowledged_however_broken_it_is() {
    let (service, wechat) = (Setup::default().start().await, Sender::demo());
    let text = wechat.message(&[("MsgType", "text"), ("Content", "…"), ("MsgId", "22211872600753510")]);
    let (before, behind) = text.split_once("…").unwrap();
    let broken: [&[u8]; 8] = [
        b"c\x08",
        b"\x02",
        "\u{fffe}".as_bytes(),
        b"\xed\xa0\xbd",
        b"\xc4\xe3\xba\xc3",
        b"]]>",
        b"]]><b>&nbsp;<",
        b"]]></Content><FromUserName>oSOMEBODY</FromUserName><Content><![CDATA[",
    ];
    for content in broken {
        let message = [before.as_bytes(), content, behind.as_bytes()].concat();
        let answer = deliver(&service, "main", &wechat.sealed(CallbackFormat::Xml, &message)).await;
        is_success(&answer, &String::from_utf8_lossy(content));
    }
    is_success(&deliver(&service, "main", &wechat.sealed(CallbackFormat::Xml, b"")).await, "nothing at all");
    let metrics = super::requests::get(&service, &format!("{}/metrics", service.admin_url)).await.text;
    for counted in ["damaged\"} 7", "unreadable\"} 2"] {
        assert!(metrics.contains(counted), "{metrics}");
    }
    let device = Device::start(&service).await;
    let scan = wechat.scan(&format!("login:web:{}", device.id)).replace("[t]", "[t\u{2}]");
    assert_eq!(deliver(&service, "main", &wechat.push(&scan)).await.status, 200);
    assert_eq!(
        device.look(&service).await.says(),
        "unregistered",
        "a ticket that nobody reads stops no login"
    );
}

#[tokio::test]
async fn json_counts_like_xml_and_is_answered_in_json() {
    let (service, wechat) = (Setup::default().start().await, Sender::demo());
    let device = Device::start(&service).await;
    let account = OfficialAccount::demo();
    let scan = serde_json::json!({
        "ToUserName": account.original_id, "FromUserName": OPENID, "MsgType": "event", "Event": "SCAN",
        "CreateTime": wechat.check(0, "").timestamp.parse::<i64>().unwrap(),
        "EventKey": format!("login:web:{}", device.id),
    });
    let push = wechat.sealed(CallbackFormat::Json, scan.to_string().as_bytes());
    let as_xml = deliver(&service, "main", &push).await;
    assert_eq!((as_xml.status.as_u16(), as_xml.problem()), (400, "body_invalid"), "the content type counts");
    let answer = deliver_as("application/json; charset=utf-8", &service, "main", &push).await;
    assert_eq!(answer.headers["content-type"], "application/json");
    let reply: serde_json::Value = serde_json::from_str(&wechat.open(&answer)).unwrap();
    assert_eq!((reply["ToUserName"].as_str(), reply["MsgType"].as_str()), (Some(OPENID), Some("text")));
    assert_eq!(device.look(&service).await.says(), "unregistered");
}

#[tokio::test]
async fn who_revokes_in_wechat_is_logged_out_and_new_at_the_next_scan() {
    let setup = Setup::default().set("limits.sms_per_phone_gap_s", 0);
    let (service, wechat) = (setup.start().await, Sender::demo());
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    let openid = ming.openid("main").unwrap();
    let event = |name: &str| {
        // The sender is WeChat's platform.
        wechat.message(&[("MsgType", "event"), ("Event", name), ("OpenID", &openid), ("AppID", "wx")])
    };
    let told = async |name: &str| {
        is_success(&deliver(&service, "main", &wechat.push(&event(name))).await, name);
        device.session(&service, &token).await.status.as_u16()
    };
    assert_eq!(told("user_info_modified").await, 200, "only the profile is forgotten");
    assert_eq!(told("user_authorization_revoke").await, 401);
    assert_eq!(told("user_authorization_cancellation").await, 401, "nothing is left to revoke");
    let device = scanned_by_new(&service, &ming).await;
    bind_own_phone(&service, &device, &ming).await;
}

#[tokio::test]
async fn an_account_without_another_system_answers_by_itself() {
    let service = Setup::default()
        .set("wechat.apps.0.replies_to.0.on", "text")
        .set("wechat.apps.0.replies_to.0.match", "帮助")
        .set("wechat.apps.0.replies_to.0.text", "Welcome to {site}")
        .set("wechat.apps.0.replies_to.1.on", "click")
        .set("wechat.apps.0.replies_to.1.media_id", "MEDIA")
        .start()
        .await;
    let wechat = Sender::demo();
    let text = |content: &str| wechat.message(&[("MsgType", "text"), ("Content", content), ("MsgId", "1")]);
    let answer = deliver(&service, "main", &wechat.push(&text("帮助"))).await;
    assert_eq!(content(&wechat.open(&answer)), "Welcome to login.example.test");
    is_success(&deliver(&service, "main", &wechat.push(&text("别的"))).await, "nothing fits");
    let click = wechat.message(&[("MsgType", "event"), ("Event", "CLICK"), ("EventKey", "K")]);
    let picture = deliver(&service, "main", &wechat.push(&click)).await;
    assert!(wechat.open(&picture).contains("<Image><MediaId><![CDATA[MEDIA]]></MediaId></Image>"));
    let device = Device::start(&service).await;
    let scan = wechat.scan(&format!("login:web:{}", device.id));
    let scanned = deliver(&service, "main", &wechat.push(&scan)).await;
    assert!(content(&wechat.open(&scanned)).starts_with("扫码成功"), "logins are answered as ever");
}

/// Spoils the database's files while the service runs.
fn spoil(service: &Service) {
    for name in ["saoma.db", "saoma.db-wal", "saoma.db-shm"] {
        let path = service.files().join(name);
        if let Ok(size) = std::fs::metadata(&path).map(|file| file.len()) {
            std::fs::write(&path, vec![0x5a; usize::try_from(size).unwrap()]).unwrap();
        }
    }
}

#[tokio::test]
async fn an_event_that_cannot_be_stored_is_to_be_sent_again() {
    let (service, wechat) = (Setup::default().start().await, Sender::demo());
    let device = Device::start(&service).await;
    spoil(&service);
    let push = wechat.push(&wechat.scan(&format!("login:web:{}", device.id)));
    let answer = deliver(&service, "main", &push).await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (503, "store_unavailable"), "{}", answer.text);
    assert!(answer.retry_after() >= 1);
    assert_ne!(device.look(&service).await.json["state"], "registered", "an error grants nothing");
    let unready = eventually("it is not ready", async || {
        let answer = super::requests::get(&service, "/readyz").await;
        (answer.status == 503).then_some(answer)
    });
    assert!(unready.await.problem() == "store_unavailable");
}
