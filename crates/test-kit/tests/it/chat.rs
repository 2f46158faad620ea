//! What an embedder says in the chat.

use std::sync::{Arc, Mutex};

use actix_web::web::ServiceConfig;
use async_trait::async_trait;
use saoma_test_kit::{
    TestApp, TestWorld, TestWorldBuilder,
    saoma_api::domain::{
        chat::{ChatReply, IncomingMessage, MessageContent, ScanOutcome, ScanSaid},
        message::MessageId,
        ports::{ChatTexts, MessageError, OnMessage},
        wechat::AppName,
    },
};
use serde_json::json;

/// Answers with what it heard, and fails as often as it was told.
#[derive(Default)]
struct Echo {
    heard: Mutex<Vec<(MessageId, String)>>,
    failures: Mutex<u32>,
}

#[async_trait]
impl OnMessage for Echo {
    async fn take(&self, message: IncomingMessage) -> Result<Option<ChatReply>, MessageError> {
        let failing = {
            let mut failures = self.failures.lock().unwrap();
            *failures = failures.saturating_sub(1);
            *failures > 0
        };
        if failing {
            return Err("busy".into());
        }
        let said = match message.content {
            MessageContent::Text { text } => format!("text {text}"),
            MessageContent::Subscribe { scene } => format!("subscribe {}", scene.unwrap_or_default()),
            MessageContent::Unsubscribe => "unsubscribe".to_owned(),
            MessageContent::Scan { scene } => format!("scan {scene}"),
            MessageContent::Click { key } => format!("click {key}"),
            _ => "other".to_owned(),
        };
        self.heard.lock().unwrap().push((message.id, said.clone()));
        Ok(match said.as_str() {
            "click CARD" => Some(ChatReply::Image { media_id: "m1".to_owned() }),
            "click NEWS" => Some(ChatReply::News {
                title: "Tea".to_owned(),
                description: "new".to_owned(),
                picture: String::new(),
                url: "https://shop.test/tea".to_owned(),
            }),
            "click SILENT" => None,
            _ => Some(ChatReply::text(format!("{said} {}", message.account.is_some()))),
        })
    }
}

async fn login_service(world: &TestWorld) -> TestApp {
    let saoma = world.saoma();
    let routes = |config: &mut ServiceConfig| {
        config.service(saoma.service());
    };
    world.app(routes).await
}

fn with(echo: &Arc<Echo>) -> TestWorldBuilder {
    let hook = Arc::clone(echo);
    TestWorld::builder().adapters(|adapters| adapters.on_message = hook)
}

#[actix_web::test]
async fn everything_that_is_about_no_login_is_heard_once_and_answered() {
    let echo = Arc::new(Echo::default());
    let world = with(&echo).build();
    let anna = world.person("anna", "13800138000");
    let text = |reply: Option<ChatReply>| reply.and_then(|reply| reply.as_text().map(str::to_owned));
    assert_eq!(text(anna.follow().await).as_deref(), Some("subscribe  false"));
    assert_eq!(text(anna.say("hello").await).as_deref(), Some("text hello false"));
    assert_eq!(text(anna.scan_scene("table-7").await).as_deref(), Some("scan table-7 false"));
    assert_eq!(anna.click("SILENT").await, None);
    assert_eq!(anna.click("CARD").await, Some(ChatReply::Image { media_id: "m1".to_owned() }));
    assert!(matches!(anna.click("NEWS").await, Some(ChatReply::News { title, .. }) if title == "Tea"));
    anna.unfollow().await;
    let heard: Vec<_> = echo.heard.lock().unwrap().iter().map(|(_, said)| said.clone()).collect();
    let expected = [
        "subscribe ",
        "text hello",
        "scan table-7",
        "click SILENT",
        "click CARD",
        "click NEWS",
        "unsubscribe",
    ];
    assert_eq!(heard, expected);
}

#[actix_web::test]
async fn logins_are_not_told_and_the_person_is_known_by_their_account_afterwards() {
    let echo = Arc::new(Echo::default());
    let world = with(&echo).build();
    let app = login_service(&world).await;
    let anna = world.person("anna", "13800138000");
    anna.log_in(&app).await;
    assert_eq!(echo.heard.lock().unwrap().len(), 0);
    assert_eq!(anna.say("hello").await, Some(ChatReply::text("text hello true")));
}

#[actix_web::test]
async fn a_message_that_was_not_taken_is_told_again() {
    let echo = Arc::new(Echo::default());
    *echo.failures.lock().unwrap() = 2;
    let world = with(&echo).build();
    let anna = world.person("anna", "13800138000");
    assert_eq!(anna.say("hello").await, None, "WeChat is told success");
    let saoma = world.saoma();
    let background = actix_web::rt::spawn(saoma.background());
    let heard = async {
        while echo.heard.lock().unwrap().is_empty() {
            world.pass(std::time::Duration::from_secs(1));
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), heard).await.expect("it is told again");
    background.abort();
    assert_eq!(echo.heard.lock().unwrap().len(), 1);
}

/// Hears one app of several.
struct OnlyShop;

#[async_trait]
impl OnMessage for OnlyShop {
    fn hears(&self, app: &AppName) -> bool {
        app.as_str() == "shop"
    }

    async fn take(&self, _: IncomingMessage) -> Result<Option<ChatReply>, MessageError> {
        Ok(Some(ChatReply::text("the shop")))
    }
}

#[actix_web::test]
async fn apps_that_the_hook_does_not_hear_answer_by_the_configuration() {
    let world = TestWorld::builder()
        .config(|config| {
            config
                .set("wechat.apps.0.replies_to.0.on", "any")
                .set("wechat.apps.0.replies_to.0.text", "by configuration")
        })
        .adapters(|adapters| adapters.on_message = Arc::new(OnlyShop))
        .build();
    let anna = world.person("anna", "13800138000");
    assert_eq!(anna.say("hello").await, Some(ChatReply::text("by configuration")));
}

/// Greets.
struct Greeting;

#[async_trait]
impl ChatTexts for Greeting {
    async fn after_scan(&self, scan: ScanSaid) -> Option<String> {
        match scan.outcome {
            ScanOutcome::LoggedIn => Some(format!("welcome back, {}", scan.account.is_some())),
            ScanOutcome::GoOn => Some(format!("hello, {} {}", scan.purpose(), scan.client_info.is_some())),
            _ => None,
        }
    }
}

#[actix_web::test]
async fn the_words_after_a_scan_are_the_embedders() {
    let world = TestWorld::builder().adapters(|adapters| adapters.chat_texts = Arc::new(Greeting)).build();
    let app = login_service(&world).await;
    let anna = world.person("anna", "13800138000");
    let code = async || {
        let login =
            world.browser(&app).post("/v1/logins", json!({"channel": "official_account"})).await.json();
        login["qr"]["content"].as_str().unwrap().to_owned()
    };
    let ChatReply::Text(hello) = anna.scan(&code().await).await.unwrap() else { panic!("a text") };
    assert!(hello.starts_with("hello, web true\n") && hello.contains("/n/"), "with a link: {hello}");
    anna.log_in(&app).await;
    let taken = code().await;
    let ChatReply::Text(back) = anna.scan(&taken).await.unwrap() else { panic!("a text") };
    assert!(back.starts_with("welcome back, true\n"), "{back}");
    let others = world.person("ben", "13900139000").scan(&taken).await.unwrap();
    assert!(others.as_text().unwrap().contains("已被其他微信用户扫描"), "the configuration's: {others:?}");
}
