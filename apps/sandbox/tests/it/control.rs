//! The control API and the phone page.

use std::collections::BTreeSet;

use saoma_sandbox::{Api, Fault, OfficialAccount};
use serde_json::json;

use super::support::{Caller, Receiver, ScriptedAnswer, config, sandbox, sandbox_and_receiver};

#[tokio::test]
async fn a_whole_scan_can_be_driven_over_http() {
    let (sandbox, receiver) = sandbox_and_receiver(config()).await;
    receiver.will_answer([ScriptedAnswer::Text("登录成功"), ScriptedAnswer::Text("您好")]);
    let caller = Caller::new(&sandbox);
    let url = caller.code_url("login:web:abc").await;

    let ming = caller.post_json("/sandbox/api/people", json!({ "name": "小明" })).await;
    assert_eq!(ming["follows"], json!([]));
    let scan = caller.post_json("/sandbox/api/people/小明/scan", json!({ "url": url })).await;
    assert_eq!((&scan["result"], &scan["kind"]), (&json!("sent"), &json!("subscribe")));
    assert_eq!(scan["deliveries"][0]["outcome"], json!({ "outcome": "reply", "detail": "登录成功" }));
    let text =
        caller.post_json("/sandbox/api/people/小明/text", json!({ "account": "main", "text": "hi" })).await;
    assert_eq!(text["kind"], "text");

    let chat = caller.get_json("/sandbox/api/people/小明/chat?account=main").await;
    let said = chat.as_array().unwrap().iter().map(|m| m["text"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(said, ["登录成功", "hi", "您好"]);
    assert_eq!(caller.get_json("/sandbox/api/people/小明").await["chats"]["main"], chat);
    let state = caller.get_json("/sandbox/api/state").await;
    assert_eq!(state["people"][0]["follows"], json!(["main"]));
    assert_eq!(state["qr_codes"][0]["scene"], "login:web:abc");
    assert_eq!(state["qr_codes"][0]["scanned_by"], json!(["小明"]));
    assert_eq!(caller.get_json("/sandbox/api/qr-codes").await["qr_codes"], state["qr_codes"]);
    assert_eq!(caller.get_json("/sandbox/api/people").await["people"], state["people"]);
    let events = caller.get_json("/sandbox/api/events?after=1").await;
    assert_eq!(events.as_array().unwrap().len(), 1);
    let again = caller.post_json("/sandbox/api/events/1/resend", json!({ "copies": 2 })).await;
    assert_eq!(again["deliveries"].as_array().unwrap().len(), 2);
    let left = caller.post_json("/sandbox/api/people/小明/unfollow", json!({ "account": "main" })).await;
    assert_eq!(left["kind"], "unsubscribe");
}

#[tokio::test]
async fn the_console_can_be_driven_over_http() {
    let receiver = Receiver::start(&OfficialAccount::demo());
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    let check = async || caller.post_json("/sandbox/api/accounts/main/check-url", json!({})).await;
    assert_eq!(check().await["answers"], false);
    let url = json!({ "url": receiver.url() });
    assert_eq!(caller.put("/sandbox/api/accounts/main/callback-url", url).await.status(), 204);
    assert_eq!(check().await["answers"], true);
    let bad = caller.put("/sandbox/api/accounts/main/callback-url", json!({ "url": "nonsense" })).await;
    assert_eq!(bad.status(), 422);
    caller.stable_token().await;
    assert_eq!(caller.post_json("/sandbox/api/accounts/main/kill-tokens", json!({})).await["killed"], 1);
    let before = caller.get_json("/sandbox/api/state").await["now"].as_i64().unwrap();
    let after = caller.post_json("/sandbox/api/clock/advance", json!({ "seconds": 60 })).await;
    assert_eq!(after["now"], before + 60);
}

#[tokio::test]
async fn every_refusal_has_a_code() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    let scan = json!({ "url": "x" });
    assert_eq!(caller.post_json("/sandbox/api/people/li/scan", scan).await["code"], "person_unknown");
    assert_eq!(caller.get("/sandbox/api/people/li").await.status(), 404);
    let name = json!({ "name": "a/b" });
    assert_eq!(caller.post_json("/sandbox/api/people", name).await["code"], "person_invalid");
    assert_eq!(caller.post_json("/sandbox/api/people", json!({ "nam": 1 })).await["code"], "body_invalid");
    assert_eq!(caller.get_json("/sandbox/api/none").await["code"], "not_found");
    let as_form = caller.request("/sandbox/api/people").header("Content-Type", "text/plain");
    assert!(as_form.body("{}").send().await.unwrap().status().is_client_error(), "no other site can post");
}

#[tokio::test]
async fn the_overview_knows_the_service_from_its_callback_url() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    let service = async || caller.get_json("/sandbox/api/state").await["service_url"].clone();
    assert_eq!(service().await, json!(null), "no callback URL is set");
    sandbox.set_callback_url("main", "http://127.0.0.1:9/wechat/main/callback").unwrap();
    assert_eq!(service().await, "http://127.0.0.1:9");
}

#[tokio::test]
async fn the_phone_sees_the_picture_of_a_code_without_calling_wechat() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    let ticket = caller.make_code("login:web:abc", 120).await["ticket"].as_str().unwrap().to_owned();
    let encoded = url::form_urlencoded::byte_serialize(ticket.as_bytes()).collect::<String>();
    sandbox.fail(Api::Showqrcode, &Fault::Html, 1);
    let seen = caller.get(&format!("/sandbox/codes?ticket={encoded}")).await;
    assert_eq!(
        (seen.status().as_u16(), &seen.headers()["content-type"]),
        (200, &"image/png".parse().unwrap())
    );
    assert_eq!(sandbox.calls(Api::Showqrcode), 0);
    assert_eq!(caller.get("/sandbox/codes?ticket=none").await.status(), 404);
}

#[tokio::test]
async fn the_stream_tells_of_every_change() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    let mut stream = caller.get("/sandbox/api/stream").await;
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let first = stream.chunk().await.unwrap().unwrap();
    assert!(first.starts_with(b"event: change\ndata: "), "the present state is news to a new watcher");
    sandbox.person("ming").unwrap();
    assert_ne!(stream.chunk().await.unwrap().unwrap(), first);
}

#[tokio::test]
async fn the_page_and_its_files_come_with_a_strict_policy_and_name_no_other_host() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    let page = caller.get("/").await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert!(policy.contains("require-trusted-types-for 'script'"), "{policy}");
    let html = page.text().await.unwrap();
    assert!(!html.contains("style=") && !html.contains(" on"), "no inline code");
    let connect = caller.get("/connect/qrconnect").await.text().await.unwrap();
    let both = html.clone() + &connect;
    let files = both.split('"').filter(|part| part.starts_with("/phone/")).collect::<Vec<_>>();
    assert_eq!(files.len(), 6 + 4);
    for file in files {
        let response = caller.get(file).await;
        assert_eq!(response.status(), 200, "{file}");
        let text = response.text().await.unwrap();
        for import in text.split("from \"./").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert_eq!(caller.get(&format!("/phone/{import}")).await.status(), 200, "{import}");
        }
    }
}

#[tokio::test]
async fn the_page_has_every_text_in_both_languages() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    let keys = async |file| {
        let words = caller.get(file).await.text().await.unwrap();
        let before =
            words.split(": \"").filter_map(|part| part.split([' ', '\n']).next_back().map(str::to_owned));
        before.collect::<BTreeSet<_>>()
    };
    let (english, chinese) = (keys("/phone/words-en.js").await, keys("/phone/words-zh.js").await);
    assert!(english.len() > 90, "{english:?}");
    assert_eq!(english.symmetric_difference(&chinese).collect::<Vec<_>>(), ["};"; 0]);
}
