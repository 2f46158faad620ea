//! The shop on fakes: no WeChat, no network, no waiting.

use std::time::Duration;

use saoma_shop::{Orders, environment, routes};
use saoma_test_kit::TestWorld;
use serde_json::json;

#[actix_web::test]
async fn a_person_scans_binds_a_phone_and_sees_the_orders() {
    let (world, orders) = (TestWorld::new(), Orders::open(":memory:").unwrap());
    let app = world.app(routes(&world.saoma(), &orders)).await;
    let anna = world.person("anna", "13800138000").log_in(&app).await;
    assert_eq!(anna.post("/orders", json!({"item": "tea"})).await.status, 201);
    assert_eq!(anna.get("/orders").await.json(), json!(["tea"]));
}

#[actix_web::test]
async fn no_person_sees_the_orders_of_another_one() {
    let (world, orders) = (TestWorld::new(), Orders::open(":memory:").unwrap());
    let app = world.app(routes(&world.saoma(), &orders)).await;
    world.person("anna", "13800138000").log_in(&app).await.post("/orders", json!({"item": "tea"})).await;
    let ben = world.person("ben", "13900139000").log_in(&app).await;
    assert_eq!(ben.get("/orders").await.json(), json!([]));
    assert_eq!(world.browser(&app).get("/orders").await.status, 401);
    assert_eq!(
        world.browser(&app).visit("/orders").await.header("location"),
        Some("/login?return_to=%2Forders")
    );
}

#[actix_web::test]
async fn whoever_pays_has_logged_in_just_now() {
    let (world, orders) = (TestWorld::new(), Orders::open(":memory:").unwrap());
    let app = world.app(routes(&world.saoma(), &orders)).await;
    let anna = world.person("anna", "13800138000").log_in(&app).await;
    assert_eq!(anna.post("/pay", json!({})).await.status, 200);
    world.pass(Duration::from_secs(601));
    assert_eq!(anna.post("/pay", json!({})).await.json()["code"], "login_too_old");
}

#[actix_web::test]
async fn a_code_that_was_not_scanned_in_time_leads_nowhere() {
    let (world, orders) = (TestWorld::new(), Orders::open(":memory:").unwrap());
    let app = world.app(routes(&world.saoma(), &orders)).await;
    let browser = world.browser(&app);
    let login = browser.open_login().await;
    world.pass(Duration::from_secs(601));
    world.person("anna", "13800138000").scan(&login.qr).await;
    assert_eq!(browser.get(&login.path).await.json()["state"], "expired");
    assert_eq!(browser.session().await.status, 401);
}

#[actix_web::test]
async fn the_chat_knows_the_orders_of_those_who_have_an_account() {
    let orders = Orders::open(":memory:").unwrap();
    let world = TestWorld::builder().environment(environment(&orders)).build();
    let app = world.app(routes(&world.saoma(), &orders)).await;
    let anna = world.person("anna", "13800138000");
    assert_eq!(anna.say("订单").await.unwrap().as_text(), Some("请先登录 shop.example.com"));
    anna.log_in(&app).await.post("/orders", json!({"item": "tea"})).await;
    assert_eq!(anna.click("ORDERS").await.unwrap().as_text(), Some("你有 1 个订单：tea"));
    assert_eq!(anna.say("hello").await, None);
}

#[actix_web::test]
async fn other_paths_are_the_shops_own() {
    let (world, orders) = (TestWorld::new(), Orders::open(":memory:").unwrap());
    let app = world.app(routes(&world.saoma(), &orders)).await;
    let browser = world.browser(&app);
    assert_eq!(browser.get("/").await.text, "Welcome. Your orders are at /orders.");
    let nowhere = browser.get("/nowhere").await;
    assert_eq!((nowhere.status, nowhere.text.as_str()), (404, ""));
    assert_eq!(browser.get("/healthz").await.status, 200);
}
