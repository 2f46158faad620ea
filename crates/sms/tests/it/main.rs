//! The webhook against a real HTTP server.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{sync::Arc, time::Duration};

use ring::hmac;
use saoma_domain::{
    account::PhoneNumber,
    ports::{Clock, SmsMessage, SmsSender},
    sms::SmsCode,
    time::Timestamp,
};
use saoma_sms::{LogSender, WebhookConfig, WebhookSender};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(1_763_610_000)
    }
}

fn message() -> SmsMessage {
    SmsMessage {
        phone: PhoneNumber::parse("13800138000").unwrap(),
        code: SmsCode::parse("123456").unwrap(),
        purpose: "login",
        expires_in: Duration::from_secs(180),
    }
}

fn sender(url: &str, secret: Option<&str>) -> WebhookSender {
    let config = WebhookConfig { url: url.parse().unwrap(), secret: secret.map(Into::into) };
    WebhookSender::new(config, Arc::new(StoppedClock)).unwrap()
}

async fn gateway(answer: ResponseTemplate) -> MockServer {
    let gateway = MockServer::start().await;
    Mock::given(method("POST")).respond_with(answer).mount(&gateway).await;
    gateway
}

#[tokio::test]
async fn a_code_is_handed_over_as_the_contract_says() {
    let gateway = gateway(ResponseTemplate::new(204)).await;
    sender(&gateway.uri(), Some("whsec")).send(message()).await.unwrap();

    let requests = gateway.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    let body: serde_json::Value = requests[0].body_json().unwrap();
    let expected = serde_json::json!(
        {"phone": "+8613800138000", "code": "123456", "purpose": "login", "expires_in": 180}
    );
    assert_eq!(body, expected);

    let signed = [b"1763610000.".as_slice(), &requests[0].body].concat();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"whsec"), &signed);
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let header = requests[0].headers.get("X-Saoma-Signature").unwrap();
    assert_eq!(header.to_str().unwrap(), format!("t=1763610000,v1={hex}"));
}

#[tokio::test]
async fn without_a_secret_nothing_is_signed() {
    let gateway = gateway(ResponseTemplate::new(200)).await;
    sender(&gateway.uri(), None).send(message()).await.unwrap();
    let requests = gateway.received_requests().await.unwrap();
    assert!(!requests[0].headers.contains_key("X-Saoma-Signature"));
}

#[tokio::test]
async fn anything_but_success_is_a_failure_and_is_not_repeated() {
    for status in [301, 400, 500] {
        let gateway = gateway(ResponseTemplate::new(status)).await;
        let error = sender(&gateway.uri(), None).send(message()).await.unwrap_err();
        assert_eq!(error.reason, format!("the webhook answered {status}"));
        assert_eq!(gateway.received_requests().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_gateway_that_is_slow_or_away_is_a_failure_that_names_no_secret() {
    let slow = gateway(ResponseTemplate::new(200).set_delay(Duration::from_secs(10))).await;
    let error = sender(&slow.uri(), None).send(message()).await.unwrap_err();
    assert_eq!(error.reason, "the webhook did not answer within 3 s");

    let error = sender("http://user:hunter2@127.0.0.1:1/x", None).send(message()).await.unwrap_err();
    assert_eq!(error.reason, "the webhook cannot be reached");
}

#[tokio::test]
async fn the_log_takes_every_code() {
    LogSender.send(message()).await.unwrap();
}
