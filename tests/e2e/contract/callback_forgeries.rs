//! `POST /wechat/{app}/callback` by a sender who is not WeChat: refused, and nothing has changed.

use saoma_sandbox::{CallbackMode, OfficialAccount};
use saoma_wechat::callback::{CallbackQuery, Push};

use super::{
    requests::without_request_id,
    wechat::{Sender, deliver},
};
use crate::harness::{Device, Service, Setup};

fn scene(device: &Device) -> String {
    format!("login:web:{}", device.id)
}

/// Nothing has happened to the login, and a genuine event still moves it.
async fn is_untouched(service: &Service, device: &Device, wechat: &Sender) {
    let stands = device.look(service).await;
    assert_eq!((stands.says(), stands.json["version"].as_u64()), ("loop", Some(1)));
    let genuine = deliver(service, "main", &wechat.push(&wechat.scan(&scene(device)))).await;
    assert_eq!(genuine.status, 200, "{}", genuine.text);
    assert_eq!(device.look(service).await.says(), "unregistered");
}

fn second_account() -> OfficialAccount {
    OfficialAccount {
        name: "second".to_owned(),
        app_id: "wx6b1c5d4e3f2a7089".to_owned(),
        original_id: "gh_111111111111".to_owned(),
        token: "anotherToken".into(),
        encoding_aes_key: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ".into(),
        ..OfficialAccount::demo()
    }
}

#[tokio::test]
async fn every_forgery_is_refused_in_the_same_words() {
    let service = Setup::default().also(second_account()).start().await;
    let (wechat, device) = (Sender::demo(), Device::start(&service).await);
    let demo = OfficialAccount::demo();
    let xml = wechat.scan(&scene(&device));
    let good = || wechat.push(&xml);
    let with = |change: &dyn Fn(&mut CallbackQuery)| {
        let mut push = good();
        change(&mut push.query);
        push
    };
    let by = |account: OfficialAccount| Sender::of(&account).push(&xml);
    let altered = |from: &str, to: &str| Push { body: good().body.replacen(from, to, 1), ..good() };
    let sealed = good().body.split("<Encrypt><![CDATA[").nth(1).unwrap()[..8].to_owned();
    let forgeries = [
        ("no signature", with(&|query| query.signature.clear())),
        ("a wrong signature", with(&|query| query.signature = "0".repeat(40))),
        ("no msg_signature", with(&|query| query.msg_signature = None)),
        ("a wrong msg_signature", with(&|query| query.msg_signature = Some("0".repeat(40)))),
        ("one signature for the other", with(&|query| query.msg_signature = Some(query.signature.clone()))),
        ("another nonce", with(&|query| query.nonce = "other".to_owned())),
        ("a freshened timestamp", with(&|query| query.timestamp = wechat.check(9, "").timestamp)),
        ("301 s old", wechat.push_at(-305, &xml)),
        ("301 s ahead", wechat.push_at(305, &xml)),
        ("another token", by(OfficialAccount { token: "stolenToken".into(), ..demo.clone() })),
        (
            "another app id inside",
            by(OfficialAccount { app_id: "wx6b1c5d4e3f2a7089".into(), ..demo.clone() }),
        ),
        (
            "another key",
            by(OfficialAccount { encoding_aes_key: second_account().encoding_aes_key, ..demo.clone() }),
        ),
        ("an altered body", altered(&sealed, "AAAAAAAA")),
        ("an altered receiver", altered("gh_3f1c9a0b7d52", "gh_000000000000")),
        ("a readable body", wechat.plain(&xml)),
        ("readable, but called encrypted", by(OfficialAccount { mode: CallbackMode::Plain, ..demo.clone() })),
        ("another account's", by(second_account())),
    ];
    let mut answers = Vec::new();
    for (what, push) in &forgeries {
        let answer = deliver(&service, "main", push).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (403, "callback_refused"), "{what}");
        answers.push(without_request_id(&answer));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "the answer does not say which check it was");
    assert_eq!(deliver(&service, "second", &good()).await.status, 403, "on the path of another account");
    assert_eq!(deliver(&service, "nobody", &good()).await.status, 404);
    is_untouched(&service, &device, &wechat).await;
}

#[tokio::test]
async fn a_clock_may_be_some_minutes_off() {
    let (service, wechat) = (Setup::default().start().await, Sender::demo());
    for seconds in [-290, 290] {
        let device = Device::start(&service).await;
        let push = wechat.push_at(seconds, &wechat.scan(&scene(&device)));
        assert_eq!(deliver(&service, "main", &push).await.status, 200, "{seconds} s off");
        assert_eq!(device.look(&service).await.says(), "unregistered");
    }
}

#[tokio::test]
async fn what_is_no_message_is_a_bad_request() {
    let (service, wechat) = (Setup::default().start().await, Sender::demo());
    let device = Device::start(&service).await;
    let xml = wechat.scan(&scene(&device));
    let deep = format!("<xml>{}{}</xml>", "<a>".repeat(5000), "</a>".repeat(5000));
    let wide = format!("<xml>{}</xml>", "<a></a>".repeat(100));
    let bomb = "<!DOCTYPE xml [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>";
    let outside = "<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
    let malformed = [
        String::new(),
        "{\"ToUserName\":\"x\"}".to_owned(),
        "<xml>".to_owned(),
        "<xml><ToUserName>x</xml>".to_owned(),
        xml.clone() + &xml,
        format!("{bomb}<xml><ToUserName>&b;</ToUserName></xml>"),
        format!("{outside}{}", xml.replace("<xml>", "<xml><Leak>&e;</Leak>")),
        format!("<!DOCTYPE xml>{xml}"),
        deep,
        wide,
    ];
    for body in &malformed {
        for push in [wechat.plain(body), wechat.push(body)] {
            let answer = deliver(&service, "main", &push).await;
            let what = &body[..body.len().min(80)];
            assert_eq!((answer.status.as_u16(), answer.problem()), (400, "body_invalid"), "{what}");
            assert!(!answer.text.contains("root:"), "{}", answer.text);
        }
    }
    let large = wechat.plain(&format!("<xml><a>{}</a></xml>", "x".repeat(65_536)));
    let answer = deliver(&service, "main", &large).await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (413, "body_too_large"));
    is_untouched(&service, &device, &wechat).await;
}

#[tokio::test]
async fn what_stands_readable_beside_an_encrypted_body_is_never_read() {
    let account = OfficialAccount { mode: CallbackMode::Compat, ..OfficialAccount::demo() };
    let setup = Setup::default().account(account.clone()).set("wechat.apps.0.allow_unsigned_body", true);
    let (service, wechat) = (setup.start().await, Sender::of(&account));
    let (meant, attacked) = (Device::start(&service).await, Device::start(&service).await);
    let mut push = wechat.push(&wechat.scan(&scene(&meant)));
    push.body = push.body.replace(&meant.id, &attacked.id);
    assert_eq!(deliver(&service, "main", &push).await.status, 200);
    assert_eq!(meant.look(&service).await.says(), "unregistered", "what was signed counts");
    is_untouched(&service, &attacked, &wechat).await;
}
