//! `POST /wechat/{app}/callback` by a sender who is not WeChat: refused, and nothing has changed.

use reqwest::Method;
use saoma_sandbox::{CallbackMode, OfficialAccount};
use saoma_wechat::callback::{CallbackQuery, Push};

use super::{
    requests::{get, request, send, without_request_id},
    wechat::{Sender, deliver},
};
use crate::harness::{Device, Service, Setup, eventually};

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
        let what = &body[..body.len().min(80)];
        let answer = deliver(&service, "main", &wechat.plain(body)).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (400, "body_invalid"), "{what}");
        let signed = deliver(&service, "main", &wechat.push(body)).await;
        if body.contains("<!DOCTYPE") {
            assert_eq!((signed.status.as_u16(), signed.problem()), (400, "body_invalid"), "{what}");
        } else {
            assert_eq!((signed.status.as_u16(), signed.text.as_str()), (200, "success"), "WeChat's: {what}");
        }
        assert!(!signed.text.contains("root:"), "{}", signed.text);
    }
    let large = wechat.plain(&format!("<xml><a>{}</a></xml>", "x".repeat(65_536)));
    let answer = deliver(&service, "main", &large).await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (413, "body_too_large"));
    is_untouched(&service, &device, &wechat).await;
}

#[tokio::test]
async fn what_stands_readable_beside_an_encrypted_body_is_never_read() {
    let account = OfficialAccount { mode: CallbackMode::Compat, ..OfficialAccount::demo() };
    let (service, wechat) = (Setup::default().account(account.clone()).start().await, Sender::of(&account));
    let (meant, attacked) = (Device::start(&service).await, Device::start(&service).await);
    let mut push = wechat.push(&wechat.scan(&scene(&meant)));
    push.body = push.body.replace(&meant.id, &attacked.id);
    assert_eq!(deliver(&service, "main", &push).await.status, 200);
    assert_eq!(meant.look(&service).await.says(), "unregistered", "what was signed counts");
    let readable = deliver(&service, "main", &wechat.plain(&wechat.scan(&scene(&attacked)))).await;
    assert_eq!((readable.status.as_u16(), readable.problem()), (403, "callback_refused"));
    is_untouched(&service, &attacked, &wechat).await;
}

/// In plain mode the signature covers no body, and sorts what it covers.
#[tokio::test]
async fn a_signature_that_was_seen_signs_nothing_more_in_plain_mode() {
    let account = OfficialAccount { mode: CallbackMode::Plain, ..OfficialAccount::demo() };
    let setup = Setup::default().account(account.clone()).set("wechat.apps.0.allow_unsigned_body", true);
    let (service, wechat) = (setup.start().await, Sender::of(&account));
    let (meant, attacked) = (Device::start(&service).await, Device::start(&service).await);
    let nonce = wechat.check(200, "").timestamp;
    let seen = Push { query: wechat.signed_with(0, &nonce), body: wechat.scan(&scene(&meant)) };
    let replies = [deliver(&service, "main", &seen).await, deliver(&service, "main", &seen).await];
    assert_eq!((replies[0].status, replies[1].status), (replies[0].status, reqwest::StatusCode::OK));
    assert_eq!(replies[0].text, replies[1].text, "what WeChat repeats is answered like the first");
    let CallbackQuery { timestamp, nonce, .. } = seen.query.clone();
    let swapped = CallbackQuery { timestamp: nonce, nonce: timestamp, ..seen.query.clone() };
    for query in [seen.query.clone(), swapped] {
        let forged = Push { query: query.clone(), body: wechat.scan(&scene(&attacked)) };
        let answer = deliver(&service, "main", &forged).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (403, "callback_refused"), "{query:?}");
        let echo = CallbackQuery { echostr: Some("42".to_owned()), ..query };
        let answer = send(request(&service, Method::GET, "/wechat/main/callback").query(&echo)).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (403, "callback_refused"));
    }
    let check = wechat.check(-7, "42");
    for _ in 0..2 {
        let answer = send(request(&service, Method::GET, "/wechat/main/callback").query(&check)).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, "42"), "the console may ask twice");
    }
    let query = CallbackQuery { echostr: None, ..check };
    let answer = deliver(&service, "main", &Push { query, body: wechat.scan(&scene(&attacked)) }).await;
    assert_eq!(answer.status.as_u16(), 403, "nor does the check of the URL sign a message");
    is_untouched(&service, &attacked, &wechat).await;
}

#[tokio::test]
async fn an_old_message_is_not_made_fresh_by_a_nonce_that_reads_like_now() {
    let (service, wechat) = (Setup::default().start().await, Sender::demo());
    let device = Device::start(&service).await;
    let now = wechat.check(0, "").timestamp;
    let old_scan = wechat.scan(&scene(&device)).replace(&now[..8], &wechat.check(-1000, "").timestamp[..8]);
    let old = wechat.push_with(-1000, &now, &old_scan);
    let CallbackQuery { timestamp, nonce, .. } = old.query.clone();
    let swapped =
        Push { query: CallbackQuery { timestamp: nonce, nonce: timestamp, ..old.query.clone() }, ..old };
    let answer = deliver(&service, "main", &swapped).await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (403, "callback_refused"));
    is_untouched(&service, &device, &wechat).await;
}

#[tokio::test]
async fn a_refused_callback_is_logged_with_its_cause_and_a_flood_of_them_is_no_flood_of_lines() {
    let account = OfficialAccount::demo();
    let (service, wechat) = (Setup::default().start().await, Sender::demo());
    let xml = wechat.scan("login:web:x");
    let another = OfficialAccount { app_id: "wx6b1c5d4e3f2a7089".into(), ..account };
    for (cause, said, push) in [
        ("signature", "signature", Push { query: CallbackQuery::default(), body: xml.clone() }),
        ("stale", "stale, 40", wechat.push_at(-400, &xml)),
        ("stale", "stale, -", wechat.push_at(500, &xml)),
        ("appid", "appid", Sender::of(&another).push(&xml)),
        ("mode", "mode", wechat.plain(&xml)),
        ("malformed", "malformed", wechat.plain("<!DOCTYPE a>")),
    ] {
        let answer = deliver(&service, "main", &push).await;
        let id = answer.headers["x-request-id"].to_str().unwrap().to_owned();
        let line = eventually(cause, async || {
            service.log().lines().find(|line| line.contains(&id) && line.contains("WARN")).map(str::to_owned)
        })
        .await;
        assert!(line.contains("main") && line.contains(&format!("refused: {said}")), "{line}");
        assert!(line.contains("127.0.0.1"), "{line}");
    }
    for _ in 0..30 {
        deliver(&service, "main", &wechat.plain(&xml)).await;
    }
    let metrics = get(&service, &format!("{}/metrics", service.admin_url)).await.text;
    for counted in ["\"mode\"} 31", "\"stale\"} 2", "\"taken\"} 0"] {
        assert!(
            metrics.contains(&format!("saoma_callbacks_total{{app=\"main\",outcome={counted}")),
            "{metrics}"
        );
    }
    let lines = || service.log().lines().filter(|line| line.contains("refused: mode")).count();
    eventually("ten lines", async || (lines() >= 10).then_some(())).await;
    assert_eq!(lines(), 10);
}
