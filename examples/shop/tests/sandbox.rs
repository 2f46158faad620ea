//! The shop over real HTTP, beside a simulated WeChat that sends signed and encrypted callbacks.

use saoma_shop::{Orders, environment, routes};
use saoma_test_kit::TestSite;
use serde_json::json;

#[actix_web::test]
async fn a_person_scans_binds_a_phone_and_sees_the_orders() {
    let orders = Orders::open(":memory:").unwrap();
    let site = TestSite::builder().config(|config| config.mount("/auth")).environment(environment(&orders));
    let shop = site.start(move |saoma, config| routes(saoma, &orders)(config)).await;
    let anna = shop.person("anna", "13800138000");
    let browser = anna.log_in().await;
    assert_eq!(browser.post("/orders", json!({"item": "tea"})).await.status, 201);
    assert_eq!(browser.get("/orders").await.json(), json!(["tea"]));

    let said = anna.person.send_text("main", "订单").await.unwrap();
    assert_eq!(said.reply(), Some("你有 1 个订单：tea"));
}
