//! What an embedder reaches of the running service.

use std::{sync::Arc, sync::Mutex, time::Duration};

use actix_web::web::ServiceConfig;
use saoma_test_kit::{
    TestApp, TestWorld,
    saoma_api::{
        async_trait,
        domain::{
            event::{Event, EventId, EventKinds},
            ports::{EventError, Events},
        },
    },
};
use serde_json::json;

async fn login_service(world: &TestWorld) -> TestApp {
    let saoma = world.saoma();
    let routes = |config: &mut ServiceConfig| saoma.configure(config);
    world.app(routes).await
}

#[actix_web::test]
async fn wechat_is_called_in_the_name_of_an_app() {
    let world = TestWorld::new();
    world.fakes.app_api.answer("/cgi-bin/message/template/send", r#"{"msgid": 7}"#);
    let wechat = world.saoma().wechat("main").unwrap();
    let sent = wechat.post("/cgi-bin/message/template/send", &json!({"touser": "oanna"})).await.unwrap();
    assert_eq!(sent["msgid"], 7);
    assert_eq!(wechat.access_token().await.unwrap().value.as_str(), "token-of-main");
    assert!(wechat.js_config("https://shop.test/a#b").await.unwrap().signature.ends_with("/a"));
    let (app, call) = world.fakes.app_api.calls().pop().unwrap();
    assert_eq!((app.as_str(), call.parameters.as_str()), ("main", r#"{"touser":"oanna"}"#));
    assert!(call.is_post && !call.is_repeatable);
    assert!(world.saoma().wechat("nowhere").is_none());
}

#[actix_web::test]
async fn a_session_is_checked_and_ended_without_a_request() {
    let world = TestWorld::new();
    let app = login_service(&world).await;
    let sessions = world.saoma().sessions();
    let anna = world.person("anna", "13800138000");
    let browser = anna.log_in(&app).await;
    let token = browser.session_token().unwrap();
    let person = sessions.check(&token).await.unwrap().unwrap();
    assert_eq!(person.identities().len(), 1);
    assert!(sessions.check("made up").await.unwrap().is_none());
    sessions.end(&token).await.unwrap();
    sessions.end("made up").await.unwrap();
    assert_eq!(browser.get("/v1/session").await.status, 401);

    let token = anna.log_in(&app).await.session_token().unwrap();
    world.pass(Duration::from_secs(31 * 60));
    assert!(sessions.check(&token).await.unwrap().is_none(), "its time is over");
}

/// Notes what it hears.
#[derive(Default)]
struct Ear(Mutex<Vec<String>>);

#[async_trait]
impl Events for Ear {
    fn kinds(&self) -> EventKinds {
        EventKinds::of_accounts()
    }

    async fn hear(&self, _: EventId, event: &Event) -> Result<(), EventError> {
        self.0.lock().unwrap().push(format!("{event:?}"));
        Ok(())
    }
}

#[actix_web::test]
async fn what_happens_to_accounts_is_heard() {
    let ear = Arc::new(Ear::default());
    let hook = Arc::clone(&ear);
    let world = TestWorld::builder().adapters(|adapters| adapters.events = hook).build();
    let app = login_service(&world).await;
    world.person("anna", "13800138000").log_in(&app).await;
    let background = actix_web::rt::spawn(world.saoma().background());
    let heard = async {
        while ear.0.lock().unwrap().len() < 3 {
            world.pass(Duration::from_secs(1));
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), heard)
        .await
        .expect("it hears of account, identity and session");
    background.abort();
}
