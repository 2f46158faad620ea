//! An adapter of one's own: a way to a phone.

use std::sync::Arc;

use saoma_api::{
    Adapters, Environment, async_trait,
    config::{Config, ConfigError, Credentials},
    domain::ports::{SmsError, SmsMessage, SmsReceipt, SmsSender},
};
use saoma_shop::{Failure, Orders, routes};
use saoma_test_kit::TestWorld;
use serde_json::json;

/// The shop's own gateway, which is out of order.
async fn my_gateway(_number: &str, _code: &str) -> Result<(), std::io::Error> {
    Err(std::io::Error::other("out of order"))
}

struct Gateway;

#[async_trait]
impl SmsSender for Gateway {
    async fn send(&self, message: SmsMessage, _attempt: usize) -> Result<SmsReceipt, SmsError> {
        let sent = my_gateway(message.phone.e164(), message.code.reveal()).await;
        sent.map_err(|error| SmsError::failed("my_gateway", error.to_string()))?;
        Ok(SmsReceipt { provider: "my_gateway" })
    }
}

/// How the program is given it; its other keys are in the file.
async fn connect() -> Result<Adapters, Failure> {
    let config =
        Config::builder_from(Some("saoma.toml".as_ref()), std::env::vars())?.own_sms_sender().build()?;
    let environment = Environment { sms_sender: Some(Arc::new(Gateway)), ..Environment::default() };
    Ok(Adapters::connect_with(&config, environment).await?)
}

#[actix_web::test]
async fn a_file_that_is_not_there_is_named() {
    let refused = connect().await.err().unwrap().to_string();
    assert!(refused.contains("saoma.toml"), "{refused}");
}

fn in_code(key: String, secret: &str, token: &str, aes_key: String) -> Result<Config, ConfigError> {
    let account = Credentials::new("wx0123456789abcdef", secret).with_callback(token, aes_key);
    let config = Config::builder("https://shop.example.com", key)
        .official_account("main", account)
        .database("sqlite://shop.db")
        .set("sms.provider", "webhook")
        .set("sms.url", "https://sms.example.com/send")
        .set("login.qr_ttl_s", 300)
        .build()?;
    Ok(config)
}

#[test]
fn a_configuration_in_code_has_the_keys_and_checks_of_the_file() {
    let config = in_code("5a".repeat(32), "secret", "token", "a".repeat(43)).unwrap();
    assert_eq!(config.login.qr_ttl.as_secs(), 300);
    let refused = in_code("short".to_owned(), "secret", "token", "a".repeat(43)).unwrap_err().to_string();
    assert!(refused.contains("server.key"), "{refused}");
}

#[actix_web::test]
async fn who_gets_no_code_is_told_to_try_later() {
    let environment = Environment { sms_sender: Some(Arc::new(Gateway)), ..Environment::default() };
    let world = TestWorld::builder().environment(environment).build();
    let app = world.app(routes(&world.saoma(), &Orders::open(":memory:").unwrap())).await;
    let browser = world.browser(&app);
    let login = browser.open_login().await;
    world.person("anna", "13800138000").scan(&login.qr).await;
    let path = format!("{}/sms-codes", login.path);
    assert_eq!(browser.post(&path, json!({"phone": "13800138000"})).await.json()["code"], "sms_unavailable");
}
