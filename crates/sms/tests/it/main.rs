//! The webhook and the template against a real HTTP server. The clouds are tested end to end, against a server that checks their
//! signatures by its own code.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{sync::Arc, time::Duration};

use ring::hmac;
use saoma_domain::{
    account::PhoneNumber,
    ports::{Clock, Random, SmsMessage, SmsReceipt, SmsSender},
    sms::SmsCode,
    time::Timestamp,
};
use saoma_sms::{SmsProvider, Success, TemplateConfig, WebhookConfig, sender};
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

/// Counts up.
struct NoRandom;

impl Random for NoRandom {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

fn by(providers: Vec<SmsProvider>) -> Arc<dyn SmsSender> {
    let (clock, random): (Arc<dyn Clock>, Arc<dyn Random>) = (Arc::new(StoppedClock), Arc::new(NoRandom));
    sender(providers, &clock, &random).unwrap()
}

fn webhook(url: &str, secret: Option<&str>) -> SmsProvider {
    SmsProvider::Webhook(WebhookConfig { url: url.parse().unwrap(), secret: secret.map(Into::into) })
}

fn by_webhook(url: &str, secret: Option<&str>) -> Arc<dyn SmsSender> {
    by(vec![webhook(url, secret)])
}

async fn gateway(answer: ResponseTemplate) -> MockServer {
    let gateway = MockServer::start().await;
    Mock::given(method("POST")).respond_with(answer).mount(&gateway).await;
    gateway
}

#[tokio::test]
async fn a_code_is_handed_over_as_the_contract_says() {
    let gateway = gateway(ResponseTemplate::new(204)).await;
    by_webhook(&gateway.uri(), Some("whsec")).send(message(), 0).await.unwrap();

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
    by_webhook(&gateway.uri(), None).send(message(), 0).await.unwrap();
    let requests = gateway.received_requests().await.unwrap();
    assert!(!requests[0].headers.contains_key("X-Saoma-Signature"));
}

#[tokio::test]
async fn anything_but_success_is_a_failure_and_is_not_repeated() {
    for status in [301, 400, 500] {
        let gateway = gateway(ResponseTemplate::new(status)).await;
        let error = by_webhook(&gateway.uri(), None).send(message(), 0).await.unwrap_err();
        assert_eq!(error.reason, format!("webhook: it answered {status}"));
        assert_eq!(gateway.received_requests().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_gateway_that_is_slow_or_away_is_a_failure_that_names_no_secret() {
    let slow = gateway(ResponseTemplate::new(200).set_delay(Duration::from_secs(10))).await;
    let error = by_webhook(&slow.uri(), None).send(message(), 0).await.unwrap_err();
    assert_eq!(error.reason, "webhook: it did not answer within 3 s");

    let error = by_webhook("http://user:hunter2@127.0.0.1:1/x", None).send(message(), 0).await.unwrap_err();
    assert_eq!(error.reason, "webhook: it cannot be reached");
}

#[tokio::test]
async fn the_log_takes_every_code() {
    let receipt = by(vec![SmsProvider::Log]).send(message(), 0).await.unwrap();
    assert_eq!(receipt, SmsReceipt { provider: "log" });
}

#[tokio::test]
async fn a_list_says_after_each_failure_whether_there_is_a_next_one() {
    let away = gateway(ResponseTemplate::new(500)).await;
    let well = gateway(ResponseTemplate::new(200)).await;
    let both = by(vec![webhook(&away.uri(), None), template(&well.uri(), "{code}", None)]);
    let first = both.send(message(), 0).await.unwrap_err();
    assert!(first.try_next, "{first:?}");
    assert_eq!(both.send(message(), 1).await.unwrap(), SmsReceipt { provider: "template" });
    let alone = by(vec![webhook(&away.uri(), None)]);
    assert!(!alone.send(message(), 0).await.unwrap_err().try_next);
    assert!(!both.send(message(), 2).await.unwrap_err().try_next, "there is no third one");
}

fn template(url: &str, body: &str, value: Option<(&str, serde_json::Value)>) -> SmsProvider {
    let headers = [("Content-Type", "application/json"), ("X-Key", "k-{secret}")];
    SmsProvider::Template(Box::new(TemplateConfig {
        method: "POST".to_owned(),
        url: format!("{url}/send?to={{phone}}&n={{national}}"),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        body: body.to_owned(),
        secret: Some("hunter2".into()),
        success: Success {
            status: vec![200],
            value: value.map(|(pointer, value)| (pointer.to_owned(), value)),
        },
    }))
}

#[tokio::test]
async fn a_template_fills_in_url_headers_and_body() {
    let gateway = gateway(ResponseTemplate::new(200).set_body_string(r#"{"code": 0}"#)).await;
    let body = r#"{"text": "Your code is {code}, for {minutes} minutes"}"#;
    let sender = by(vec![template(&gateway.uri(), body, Some(("/code", 0.into())))]);
    sender.send(message(), 0).await.unwrap();
    let requests = gateway.received_requests().await.unwrap();
    assert_eq!(requests[0].url.query(), Some("to=%2B8613800138000&n=13800138000"));
    assert_eq!(requests[0].headers.get("X-Key").unwrap(), "k-hunter2");
    let body: serde_json::Value = requests[0].body_json().unwrap();
    assert_eq!(body["text"], "Your code is 123456, for 3 minutes");
}

#[tokio::test]
async fn a_template_takes_only_what_it_was_told_for_success() {
    for (status, answer, is_sent) in [
        (200, r#"{"data": {"code": "0"}}"#, true),
        (200, r#"{"data": {"code": 1}}"#, false),
        (200, "no JSON", false),
        (202, r#"{"data": {"code": 0}}"#, false),
    ] {
        let gateway = gateway(ResponseTemplate::new(status).set_body_string(answer)).await;
        let sender = by(vec![template(&gateway.uri(), "{code}", Some(("/data/code", 0.into())))]);
        let sent = sender.send(message(), 0).await;
        assert_eq!(sent.is_ok(), is_sent, "{status} {answer}: {sent:?}");
        if let Err(error) = sent {
            assert!(!error.reason.contains("13800138000") && !error.reason.contains("hunter2"), "{error}");
        }
    }
}
