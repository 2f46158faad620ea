//! What the site's own system gets, and what counts as taken.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use saoma_domain::{
    message::{RawMessage, RelayAnswer},
    ports::Relay,
    wechat::AppName,
};
use saoma_relay::{HttpRelay, RelayTarget};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{body_bytes, header, method, path, query_param},
};

fn app(name: &str) -> AppName {
    AppName::parse(name).unwrap()
}

fn relay(url: &str) -> HttpRelay {
    let target = RelayTarget { url: url.parse().unwrap(), with_logins: false };
    HttpRelay::new(BTreeMap::from([(app("main"), target)])).unwrap()
}

fn raw(body: &[u8]) -> RawMessage {
    RawMessage {
        query: "signature=5ec&timestamp=1&nonce=2&openid=oAnna&encrypt_type=aes".to_owned(),
        content_type: "text/xml; charset=utf-8".to_owned(),
        body: body.to_vec(),
    }
}

async fn answers(answer: ResponseTemplate) -> (MockServer, HttpRelay) {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    let relay = relay(&format!("{}/wx", server.uri()));
    (server, relay)
}

#[tokio::test]
async fn a_message_goes_on_as_it_came_and_the_answer_comes_back_as_it_is() {
    let server = MockServer::start().await;
    let bytes = b"<xml>\xff\x00 \xe7\x99\xbb</xml>";
    Mock::given(method("POST"))
        .and(path("/wx"))
        .and(query_param("tenant", "7"))
        .and(query_param("signature", "5ec"))
        .and(query_param("encrypt_type", "aes"))
        .and(header("content-type", "text/xml; charset=utf-8"))
        .and(body_bytes(bytes.as_slice()))
        .respond_with(
            ResponseTemplate::new(200).set_body_raw(b"<xml>\xfe</xml>".as_slice(), "application/xml"),
        )
        .mount(&server)
        .await;
    let relay = relay(&format!("{}/wx?tenant=7", server.uri()));
    let answer = relay.forward(&app("main"), &raw(bytes)).await.unwrap();
    let expected = RelayAnswer { content_type: "application/xml".into(), body: b"<xml>\xfe</xml>".to_vec() };
    assert_eq!(answer, expected);
    let received = server.received_requests().await.unwrap();
    assert_eq!(received[0].url.query(), Some(format!("tenant=7&{}", raw(b"").query).as_str()));
}

#[tokio::test]
async fn an_app_without_a_system_has_none() {
    let relay = relay("http://127.0.0.1:9/");
    assert!(relay.relays(&app("main")) && !relay.relays(&app("shop")));
    assert!(!relay.relays_logins(&app("main")));
    assert!(relay.forward(&app("shop"), &raw(b"")).await.is_err());
}

#[tokio::test]
async fn anything_but_2xx_is_a_failure_and_names_the_address_but_no_secret() {
    for status in [301, 302, 400, 404, 500, 503] {
        let answer = ResponseTemplate::new(status).insert_header("location", "http://127.0.0.1:9/");
        let (server, relay) = answers(answer).await;
        let error = relay.forward(&app("main"), &raw(b"x")).await.unwrap_err().reason;
        assert_eq!(error, format!("{}/wx answered {status}", server.address()));
        assert_eq!(server.received_requests().await.unwrap().len(), 1, "nothing is repeated or followed");
    }
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_a_failure() {
    let (_server, fits) = answers(ResponseTemplate::new(200).set_body_bytes(vec![b'x'; 64 * 1024])).await;
    assert_eq!(fits.forward(&app("main"), &raw(b"x")).await.unwrap().body.len(), 64 * 1024);
    let (_server, relay) =
        answers(ResponseTemplate::new(200).set_body_bytes(vec![b'x'; 64 * 1024 + 1])).await;
    let error = relay.forward(&app("main"), &raw(b"x")).await.unwrap_err().reason;
    assert!(error.ends_with("answered with more than 64 KiB"), "{error}");
}

#[tokio::test]
async fn a_system_that_is_not_there_is_a_failure() {
    let error = relay("http://127.0.0.1:1/wx?key=s3cret").forward(&app("main"), &raw(b"x")).await;
    assert_eq!(error.unwrap_err().reason, "127.0.0.1:1/wx cannot be reached");
}
