//! The journal of what WeChat told, and the audit trail.

use std::process::Stdio;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::process::Command;

use super::receiver::{Receiver, SECRET};
use crate::{
    harness::{Device, Service, Setup, bind_own_phone, eventually, log_in, register, scanned_by_new},
    site_api::support::{call, call_with, with_key, with_root},
};

async fn events(service: &Service, query: &str) -> Vec<Value> {
    let listed = call(service, Method::GET, &format!("/v1/admin/events{query}"), None).await;
    assert_eq!(listed.status, 200, "{}", listed.text);
    listed.json["items"].as_array().unwrap().clone()
}

fn field<'a>(items: &'a [Value], name: &str) -> Vec<&'a str> {
    items.iter().map(|item| item[name].as_str().unwrap()).collect()
}

/// Runs a command of the binary on the service's configuration, and returns whether it succeeded, and what it said.
async fn saoma(service: &Service, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saoma"));
    command.args(arguments).envs(service.environment()).stdin(Stdio::null());
    let output = command.output().await.unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[tokio::test]
async fn the_journal_says_what_wechat_told_and_what_it_led_to() {
    let service = with_root(Setup::default()).start().await;
    let ming = service.person("ming");
    let (_, _) = register(&service, &ming).await;
    let device = Device::start(&service).await;
    ming.scan(device.qr()).await.unwrap();
    ming.send_text("main", "private words").await.unwrap();
    ming.unfollow("main").await.unwrap();
    let told = events(&service, "").await;
    assert_eq!(field(&told, "outcome"), ["unfollowed", "success", "logged_in", "phone_needed"]);
    assert_eq!(field(&told, "kind"), ["unsubscribe", "text", "scan", "subscribe"]);
    assert_eq!(told[2]["login"], device.id.as_str());
    assert_eq!(told[2]["openid"], json!(ming.openid("main").unwrap()));
    assert!(!Value::from(told.clone()).to_string().contains("private words"));
    let page = call(&service, Method::GET, "/v1/admin/events?limit=3", None).await;
    let rest = events(&service, &format!("?after={}", page.json["next"].as_str().unwrap())).await;
    assert_eq!(field(&rest, "outcome"), ["phone_needed"]);
    assert_eq!(events(&service, "?outcome=logged_in&app=main").await.len(), 1);
    assert_eq!(events(&service, "?openid=oNobody").await.len(), 0);
    let wrong = call(&service, Method::GET, "/v1/admin/events?openId=x", None).await;
    assert_eq!(wrong.problem(), "body_invalid");
}

#[tokio::test]
async fn texts_are_kept_only_where_the_configuration_says_so() {
    let service = with_root(Setup::default()).set("journal.keep_text", true).start().await;
    let ming = service.person("ming");
    ming.follow("main").await.unwrap();
    ming.send_text("main", "kept words").await.unwrap();
    assert_eq!(events(&service, "").await[0]["text"], "kept words");
    let off = with_root(Setup::default()).set("journal.keep_days", 0).start().await;
    off.person("ming").follow("main").await.unwrap();
    assert_eq!(events(&off, "").await, [] as [Value; 0]);
}

#[tokio::test]
async fn an_event_is_taken_again_as_if_it_came_now() {
    let service = with_root(Setup::default()).start().await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;
    ming.scan(device.qr()).await.unwrap();
    let scan = events(&service, "").await.remove(0);
    let path = format!("/v1/admin/events/{}/replay", scan["id"].as_str().unwrap());
    let dry = call(&service, Method::POST, &path, Some(json!({"dry_run": true}))).await;
    assert_eq!((dry.status.as_u16(), dry.json), (200, json!({"outcome": "phone_needed", "id": null})));
    assert_eq!(events(&service, "").await.len(), 1);
    let replayed = call(&service, Method::POST, &path, None).await;
    assert_eq!(replayed.json["outcome"], "phone_needed", "{}", replayed.text);
    let newest = events(&service, "").await.remove(0);
    assert_eq!((&newest["id"], &newest["replay_of"]), (&replayed.json["id"], &scan["id"]));

    for unknown in ["x", "00000000-0000-7000-8000-000000000000"] {
        let path = format!("/v1/admin/events/{unknown}/replay");
        assert_eq!(call(&service, Method::POST, &path, None).await.problem(), "not_found");
    }
}

/// Takes the newest event again, and returns what that led to with what is said about it.
async fn replayed(service: &Service) -> (String, String) {
    let id = events(service, "").await.remove(0)["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/admin/events/{id}/replay");
    let replayed = call(service, Method::POST, &path, None).await;
    assert_eq!(replayed.json["id"], Value::Null, "nothing was done: {}", replayed.text);
    assert_eq!(events(service, "").await[0]["id"], id.as_str());
    let text = |name: &str| replayed.json[name].as_str().unwrap().to_owned();
    (text("outcome"), text("detail"))
}

fn answering(setup: Setup) -> Setup {
    ["text", "click"].into_iter().enumerate().fold(setup, |setup, (at, on)| {
        let key = |name: &str| format!("wechat.apps.0.replies_to.{at}.{name}");
        setup.set(&key("on"), on).set(&key("text"), "Hello {nickname} of {site}")
    })
}

#[tokio::test]
async fn a_replay_of_words_says_what_they_would_be_answered_now() {
    let setup = answering(with_root(Setup::default())).set("journal.keep_text", true);
    let service = setup.start().await;
    let ming = service.person("ming");
    ming.follow("main").await.unwrap();
    let answered = "would be answered with the text: Hello {nickname} of login.example.test";
    ming.send_text("main", "hello").await.unwrap();
    assert_eq!(replayed(&service).await, ("replied".to_owned(), answered.to_owned()));
    ming.tap_menu("main", "today").await.unwrap();
    assert_eq!(replayed(&service).await, ("replied".to_owned(), answered.to_owned()));
    ming.send_picture("main").await.unwrap();
    assert_eq!(replayed(&service).await, ("success".to_owned(), "nothing would be answered".to_owned()));
    ming.send_text("main", " 47 ").await.unwrap();
    let (outcome, why) = replayed(&service).await;
    assert!(outcome == "not_replayable" && why.contains("only the person"), "{outcome}: {why}");
}

#[tokio::test]
async fn a_replay_says_plainly_what_it_cannot_do() {
    let forgetful = answering(with_root(Setup::default())).start().await;
    let ming = forgetful.person("ming");
    ming.follow("main").await.unwrap();
    ming.send_text("main", "hello").await.unwrap();
    let (outcome, why) = replayed(&forgetful).await;
    assert!(outcome == "not_replayable" && why.contains("`journal.keep_text` was off"), "{outcome}: {why}");
    let (_, listed) = saoma(&forgetful, &["event", "list", "-n", "1"]).await;
    let id = listed.split(' ').next().unwrap();
    let (ok, said) = saoma(&forgetful, &["event", "replay", id]).await;
    assert!(!ok && said.contains("cannot be taken again: the journal did not keep what"), "{said}");
    let (_, shown) = saoma(&forgetful, &["event", "show", id]).await;
    assert!(shown.contains("(not kept: journal.keep_text is off)"), "{shown}");

    let setup = with_root(Setup::default()).set("journal.keep_text", true);
    let relayed = setup.set("wechat.apps.0.relay_url", "http://127.0.0.1:1/wx").start().await;
    let ming = relayed.person("ming");
    ming.follow("main").await.unwrap();
    ming.send_text("main", "hello").await.unwrap();
    let (outcome, why) = replayed(&relayed).await;
    assert!(outcome == "not_replayable" && why.contains("cannot be handed on again"), "{outcome}: {why}");
}

#[tokio::test]
async fn the_command_line_answers_i_scanned_and_nothing_happened() {
    let service = with_root(Setup::default()).start().await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;
    device.cancel(&service).await;
    ming.scan(device.qr()).await.unwrap();
    let openid = ming.openid("main").unwrap();
    let (ok, listed) = saoma(&service, &["event", "list", "--openid", &openid]).await;
    assert!(ok && listed.contains("subscribe → expired"), "{listed}");
    let id = listed.split(' ').next().unwrap();
    let (ok, shown) = saoma(&service, &["event", "show", id]).await;
    assert!(ok && shown.contains("expired") && shown.contains(&device.id), "{shown}");
    assert!(shown.contains("is told `cancelled` since 20"), "{shown}");
    let (ok, said) = saoma(&service, &["event", "replay", id, "--dry-run"]).await;
    assert!(ok && said.contains("would lead to expired"), "{said}");
    let (ok, said) = saoma(&service, &["event", "show", "nonsense"]).await;
    assert!(!ok && said.contains("`nonsense`"), "{said}");
}

#[tokio::test]
async fn the_command_line_says_what_the_client_got_and_when() {
    let service = with_root(Setup::default()).start().await;
    let ming = service.person("ming");
    let shown = async || {
        let (_, listed) = saoma(&service, &["event", "list", "-n", "1"]).await;
        let id = listed.split(' ').next().unwrap().to_owned();
        saoma(&service, &["event", "show", &id]).await.1
    };
    let device = scanned_by_new(&service, &ming).await;
    assert!(shown().await.contains("asks for a phone number until 20"), "{}", shown().await);
    bind_own_phone(&service, &device, &ming).await;
    assert!(shown().await.contains("got its session at 20"), "{}", shown().await);
    let waits = Device::start(&service).await;
    ming.scan(waits.qr()).await.unwrap();
    assert!(shown().await.contains("has not asked for its session"), "{}", shown().await);
}

#[tokio::test]
async fn the_trail_says_who_did_what_from_where_and_is_sealed() {
    let service = with_root(Setup::default()).start().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    let account = device.session(&service, &token).await.json["account"]["id"].as_str().unwrap().to_owned();
    let (second, other) = log_in(&service, &ming).await;
    second.log_out(&service, &other).await;
    let list = |query: String| {
        let path = format!("/v1/admin/audit{query}");
        let service = &service;
        async move { call(service, Method::GET, &path, None).await }
    };
    let of_account = list(format!("?account={account}")).await;
    let items = of_account.json["items"].as_array().unwrap();
    assert_eq!(
        field(items, "kind"),
        ["session_ended", "session_created", "session_created", "identity_linked", "account_created"],
        "{}",
        of_account.text
    );
    assert_eq!((&items[1]["actor"], &items[1]["ip"]), (&json!("person"), &json!("127.0.0.1")));
    assert!(items[1]["user_agent"].as_str().unwrap().starts_with("living-room-tv"));
    let sms = list("?kind=sms_code".to_owned()).await;
    assert_eq!(sms.json["items"][0]["outcome"], "sent", "{}", sms.text);
    assert!(!sms.text.contains(ming.phone()), "{}", sms.text);
    eventually("all is sealed", async || {
        let all = list(String::new()).await;
        let items = all.json["items"].as_array().unwrap().clone();
        items.iter().all(|item| item["hash"].as_str().is_some_and(|hash| hash.len() == 64)).then_some(())
    })
    .await;
    for wrong in ["?account=x", "?kind=x", "?after=x", "?acount=x"] {
        assert_eq!(list(wrong.to_owned()).await.problem(), "body_invalid", "{wrong}");
    }
    let (ok, tail) = saoma(&service, &["audit", "tail", "-n", "2"]).await;
    assert!(ok && tail.lines().count() == 2 && tail.contains("personal_data_read"), "{tail}");
    let (ok, verified) = saoma(&service, &["audit", "verify"]).await;
    assert!(ok && verified.contains("the chain is whole"), "{verified}");
}

/// Lists the records of a kind, the youngest first, each with who, what and how.
async fn records(service: &Service, kind: &str) -> Vec<[String; 3]> {
    let listed = call(service, Method::GET, &format!("/v1/admin/audit?kind={kind}"), None).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let items = listed.json["items"].as_array().unwrap().iter();
    items.map(|item| [text(&item["actor"]), text(&item["detail"]), text(&item["outcome"])]).collect()
}

#[tokio::test]
async fn what_is_read_of_persons_is_in_the_trail() {
    let service = with_root(Setup::default()).start().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    register(&service, &service.person("hong")).await;
    let account = device.session(&service, &token).await.json["account"]["id"].as_str().unwrap().to_owned();
    let get = async |path: String| call(&service, Method::GET, &path, None).await;
    get(format!("/v1/admin/accounts/{account}")).await;
    get(format!("/v1/admin/accounts?phone={}", ming.phone().replace('+', "%2B"))).await;
    get("/v1/admin/accounts?external_id=nobodys".to_owned()).await;
    get(format!("/v1/admin/accounts/{account}/sessions")).await;
    for _ in 0..3 {
        let asked = json!({"token": token});
        assert_eq!(
            call(&service, Method::POST, "/v1/admin/introspect", Some(asked)).await.json["active"],
            true
        );
    }
    let (ok, _) = saoma(&service, &["account", "show", &account]).await;
    assert!(ok);
    assert_eq!(get("/v1/admin/accounts".to_owned()).await.json["items"].as_array().unwrap().len(), 2);

    let read = records(&service, "personal_data_read").await;
    let of_list = &read[0];
    assert!(of_list[0] == "key:root" && of_list[1].starts_with("2 accounts of the list: "), "{of_list:?}");
    assert!(of_list[1].contains(&account), "{of_list:?}");
    let entry = |who: &str, what: &str, outcome: &str| [who, what, outcome].map(str::to_owned);
    let expected = [
        entry("operator", "account", ""),
        entry("key:root", "introspection of a session", ""),
        entry("key:root", "sessions", ""),
        entry("key:root", "accounts by external_id", "none"),
        entry("key:root", "accounts by phone", ""),
        entry("key:root", "account", ""),
    ];
    assert_eq!(
        read[1..],
        expected,
        "one entry for each, also for a list and for what is introspected again and again"
    );
    let of_account = get(format!("/v1/admin/audit?account={account}&kind=personal_data_read")).await;
    let about = of_account.json["items"].as_array().unwrap();
    assert_eq!(about.len(), 5, "{}", of_account.text);
    assert_eq!(about[1]["ip"], "127.0.0.1");
    assert!(!of_account.text.contains(ming.phone().trim_start_matches("+86")), "{}", of_account.text);
}

#[tokio::test]
async fn what_a_key_does_that_changes_no_account_is_in_the_trail() {
    let service = with_root(Setup::default()).start().await;
    service.person("ming").follow("main").await.unwrap();
    let post = async |path: &str, body: Value| call(&service, Method::POST, path, Some(body)).await;
    let event = events(&service, "").await.remove(0)["id"].as_str().unwrap().to_owned();
    post(&format!("/v1/admin/events/{event}/replay"), json!({"dry_run": true})).await;
    post(&format!("/v1/admin/events/{event}/replay"), json!({})).await;
    assert_eq!(post("/v1/admin/wechat/main/qrcodes", json!({"scene": "table-7"})).await.status, 201);
    assert_eq!(post("/v1/admin/wechat/main/access-token", json!({"force": true})).await.status, 200);
    let done: Vec<String> =
        records(&service, "site_call").await.into_iter().map(|[_, what, _]| what).collect();
    assert_eq!(
        done,
        [
            "another access token of the app main",
            "QR code of the app main",
            &format!("replay of the event {event}")
        ]
    );
}

#[tokio::test]
async fn the_head_of_the_trail_goes_to_a_file_and_to_who_asks_for_it() {
    let receiver = Receiver::start();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("head");
    let setup = with_root(Setup::default())
        .set("audit.head_file", file.display())
        .set("webhooks.0.url", &receiver.url)
        .set("webhooks.0.secret", SECRET)
        .set("webhooks.0.events", "audit.head");
    let mut service = setup.start().await;
    register(&service, &service.person("ming")).await;
    let newest = async |service: &Service| {
        let listed = call(service, Method::GET, "/v1/admin/audit?kind=session_created", None).await;
        assert_eq!(listed.status, 200, "{}", listed.text);
        listed.json["items"][0].clone()
    };
    eventually("all is sealed", async || newest(&service).await["seq"].as_u64().map(drop)).await;
    service.kill().await;
    service.start_again().await;
    let youngest = newest(&service).await;
    let sealed = youngest["seq"].as_u64().unwrap_or_else(|| panic!("{youngest}"));
    let head = eventually("it is told again", async || {
        let last = receiver.taken().pop()?.body;
        (last["data"]["head"]["seq"].as_u64()? >= sealed).then_some(last)
    })
    .await;
    assert_eq!(head["type"], "audit.head");
    let (seq, hash) =
        (head["data"]["head"]["seq"].to_string(), head["data"]["head"]["hash"].as_str().unwrap());
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.lines().any(|line| line.ends_with(&format!(" {seq} {hash}"))), "{written}\n{head}");
    let all = call(&service, Method::GET, "/v1/admin/audit?limit=200", None).await;
    let record = all.json["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["seq"] == head["data"]["head"]["seq"])
        .unwrap();
    assert_eq!(record["hash"], hash, "it is that of the record");
}

#[tokio::test]
async fn each_trail_needs_its_scope() {
    let setup = with_key(Setup::default(), 0, "other", "other-key", "sessions:read");
    let service = with_key(setup, 1, "reader", "reader-key", "events:read").start().await;
    for (key, method, path) in [
        ("other-key", Method::GET, "/v1/admin/audit"),
        ("other-key", Method::GET, "/v1/admin/events"),
        ("reader-key", Method::POST, "/v1/admin/events/x/replay"),
    ] {
        let refused = call_with(&service, Some(key), method, path, None).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (403, "scope_missing"), "{path}");
    }
}
