//! What the world promises.

use std::time::Duration;

use actix_web::{middleware::from_fn, web};
use saoma_test_kit::{
    SmsInbox, TestApp, TestWorld,
    saoma_api::{
        Saoma,
        domain::ports::Clock,
        guard::{self, LoggedIn},
    },
};
use serde_json::json;

async fn orders(person: LoggedIn) -> String {
    format!("orders of {}", person.account.masked_phone().unwrap_or_default())
}

async fn shop(world: &TestWorld) -> TestApp {
    let saoma: Saoma = world.saoma();
    world
        .app(|config| {
            saoma.for_guards()(config);
            config
                .service(web::resource("/orders").wrap(from_fn(guard::required)).get(orders).post(orders))
                .service(saoma.service());
        })
        .await
}

#[actix_web::test]
async fn a_person_scans_binds_a_phone_and_sees_the_orders() {
    let world = TestWorld::new();
    let app = shop(&world).await;
    let anna = world.person("anna", "13800138000").log_in(&app).await;
    assert_eq!(anna.get("/orders").await.text, "orders of 138****8000");
    assert_eq!(anna.post("/orders", json!({})).await.status, 200);
}

#[actix_web::test]
async fn a_person_who_comes_back_needs_no_code() {
    let world = TestWorld::new();
    let app = shop(&world).await;
    let anna = world.person("anna", "13800138000");
    let first = anna.log_in(&app).await.get("/v1/session").await.json();
    let again = anna.log_in(&app).await.get("/v1/session").await.json();
    assert_eq!(first["account"]["id"], again["account"]["id"]);
    assert_eq!(world.fakes.inbox.messages().len(), 1);
}

#[actix_web::test]
async fn who_is_not_logged_in_is_sent_to_the_login_page() {
    let world = TestWorld::new();
    let app = shop(&world).await;
    let sent = world.browser(&app).visit("/orders").await;
    assert_eq!((sent.status, sent.header("location")), (302, Some("/login?return_to=%2Forders")));
}

#[actix_web::test]
async fn time_ends_a_session() {
    let world = TestWorld::new();
    let app = shop(&world).await;
    let anna = world.person("anna", "13800138000").log_in(&app).await;
    world.pass(Duration::from_secs(29 * 60));
    assert_eq!(anna.get("/orders").await.status, 200);
    world.pass(Duration::from_secs(31 * 60));
    assert_eq!(anna.get("/orders").await.status, 401);
}

#[actix_web::test]
async fn a_clock_that_moves_wakes_those_who_wait() {
    let world = TestWorld::new();
    let app = shop(&world).await;
    let browser = world.browser(&app);
    let started = browser.post("/v1/logins", json!({"channel": "official_account"})).await.json();
    let login = format!("/v1/logins/{}?wait=60", started["id"].as_str().unwrap());
    let wait = browser.get(&login);
    let pass = async {
        // The client has to wait first.
        tokio::task::yield_now().await;
        world.pass(Duration::from_secs(121));
    };
    let (answer, ()) = tokio::time::timeout(Duration::from_secs(30), async { tokio::join!(wait, pass) })
        .await
        .expect("no client waits for a minute of the real time");
    assert_eq!((&answer.json()["state"], &answer.json()["reason"]), (&json!("expired"), &json!("timeout")));
}

#[actix_web::test]
async fn the_chat_answers_what_the_configuration_says() {
    let world = TestWorld::builder()
        .config(|config| {
            config
                .set("wechat.apps.0.replies_to.0.on", "text")
                .set("wechat.apps.0.replies_to.0.text", "Call 400")
                .set("wechat.apps.0.replies_to.1.on", "click")
                .set("wechat.apps.0.replies_to.1.match", "CARD")
                .set("wechat.apps.0.replies_to.1.media_id", "m1")
        })
        .build();
    let anna = world.person("anna", "13800138000");
    assert_eq!(anna.say("help").await.unwrap().as_text(), Some("Call 400"));
    assert!(anna.click("CARD").await.is_some());
    assert_eq!(anna.click("OTHER").await, None);
}

#[actix_web::test]
async fn what_was_unfollowed_is_followed_again_by_a_scan() {
    let world = TestWorld::new();
    let app = shop(&world).await;
    let anna = world.person("anna", "13800138000");
    anna.log_in(&app).await;
    anna.unfollow().await;
    anna.log_in(&app).await;
}

#[actix_web::test]
async fn failures_and_other_adapters_can_be_brought_in() {
    let world = TestWorld::builder().seed(7).adapters(|adapters| adapters.pruning.clear()).build();
    let app = shop(&world).await;
    world.fakes.inbox.fail_next(SmsInbox::failure("away"));
    let browser = world.browser(&app);
    let started = browser.post("/v1/logins", json!({"channel": "official_account"})).await.json();
    world.person("anna", "13800138000").scan(started["qr"]["content"].as_str().unwrap()).await;
    let path = format!("/v1/logins/{}/sms-codes", started["id"].as_str().unwrap());
    let refused = browser.post(&path, json!({"phone": "13800138000"})).await;
    assert_eq!(refused.json()["code"], "sms_unavailable");
}

#[actix_web::test]
async fn a_seed_decides_everything() {
    let id = async |seed| {
        let world = TestWorld::builder().seed(seed).build();
        let app = shop(&world).await;
        let started = world.browser(&app).post("/v1/logins", json!({"channel": "official_account"})).await;
        (started.json()["id"].clone(), world.fakes.clock.now())
    };
    assert_eq!(id(1).await, id(1).await);
    assert_ne!(id(1).await, id(2).await);
}
