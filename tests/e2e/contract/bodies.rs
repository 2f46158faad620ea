//! Bodies that are not what the contract says: refused, and never repeated.

use reqwest::Method;

use super::requests::{post, raw, request, send};
use crate::harness::{Service, Setup};

/// What may be a phone number or a secret, and so must not come back.
const CANARY: &str = "13912345678";

const ENDPOINTS: [&str; 6] = [
    "/v1/logins",
    "/v1/logins/x/sms-codes",
    "/v1/logins/x/phone",
    "/v1/logins/x/wechat-phone",
    "/v1/session/identities",
    "/v1/session/sms-codes",
];

async fn is_invalid(service: &Service, path: &str, body: &str) {
    let answer = post(service, path, body).await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (422, "body_invalid"), "{path} {body}");
    assert!(!answer.text.contains(CANARY), "{path} {body} is repeated: {}", answer.text);
}

#[tokio::test]
async fn what_is_no_json_object_is_invalid_everywhere() {
    let service = Setup::default().start().await;
    let number: &str = &format!("{{\"phone\": {CANARY}");
    for path in ENDPOINTS {
        for body in ["", " ", "x", "null", "true", CANARY, "\"13912345678\"", "{", number, "{}{}", "{} x"] {
            is_invalid(&service, path, body).await;
        }
        let nested = "[".repeat(10_000);
        for array in ["[]", "[\"13912345678\"]", "[\"13912345678\",\"123456\"]", "[{}]", &nested] {
            is_invalid(&service, path, array).await;
        }
        is_invalid(&service, path, "[\"official_account\",\"device\",null,null,null,\"svg\",null]").await;
    }
}

#[tokio::test]
async fn a_wrong_type_is_invalid_and_its_value_not_repeated() {
    let service = Setup::default().start().await;
    for value in [CANARY, "null", "true", "13912345678.5", "[\"13912345678\"]", "{\"a\":\"13912345678\"}"] {
        is_invalid(&service, "/v1/logins/x/sms-codes", &format!("{{\"phone\":{value}}}")).await;
        is_invalid(&service, "/v1/logins/x/phone", &format!("{{\"phone\":{value},\"code\":\"1\"}}")).await;
        is_invalid(&service, "/v1/logins/x/phone", &format!("{{\"phone\":\"1\",\"code\":{value}}}")).await;
        for field in ["channel", "client", "qr_format"] {
            let others = if field == "channel" { "" } else { "\"channel\":\"official_account\"," };
            is_invalid(&service, "/v1/logins", &format!("{{{others}\"{field}\":{value}}}")).await;
        }
    }
    is_invalid(&service, "/v1/logins", "{\"channel\":{\"official_account\":null}}").await;
    for field in ["app", "purpose", "return_to", "code"] {
        let body = format!("{{\"channel\":\"official_account\",\"{field}\":{CANARY}}}");
        is_invalid(&service, "/v1/logins", &body).await;
    }
}

#[tokio::test]
async fn a_word_that_is_none_of_the_known_ones_is_invalid_and_not_repeated() {
    let service = Setup::default().start().await;
    for word in [CANARY, "", "Browser", "SVG", "expected 13912345678", " device"] {
        is_invalid(&service, "/v1/logins", &format!("{{\"channel\":\"{word}\"}}")).await;
        for field in ["client", "qr_format"] {
            let body = format!("{{\"channel\":\"official_account\",\"{field}\":\"{word}\"}}");
            is_invalid(&service, "/v1/logins", &body).await;
        }
    }
}

#[tokio::test]
async fn unknown_missing_and_repeated_fields_are_invalid() {
    let service = Setup::default().start().await;
    let known = "\"channel\":\"official_account\"";
    for body in [
        format!("{{{known},\"openid\":\"{CANARY}\"}}"),
        format!("{{{known},\"Client\":\"device\"}}"),
        format!("{{{known},{known}}}"),
        "{\"client\":\"device\"}".to_owned(),
    ] {
        is_invalid(&service, "/v1/logins", &body).await;
    }
    for path in ["/v1/logins/x/sms-codes", "/v1/logins/x/phone"] {
        is_invalid(&service, path, "{}").await;
        is_invalid(&service, path, &format!("{{\"phone\":\"{CANARY}\",\"account\":\"{CANARY}\"}}")).await;
        is_invalid(&service, path, &format!("{{\"phone\":\"{CANARY}\",\"phone\":\"{CANARY}\"}}")).await;
    }
    is_invalid(&service, "/v1/logins/x/phone", &format!("{{\"phone\":\"{CANARY}\"}}")).await;
}

#[tokio::test]
async fn a_body_that_is_not_called_json_is_invalid() {
    let service = Setup::default().start().await;
    let good = "{\"channel\":\"official_account\"}";
    let called = async |kind: Option<&str>| {
        let request = request(&service, Method::POST, "/v1/logins").body(good);
        send(kind.into_iter().fold(request, |request, kind| request.header("Content-Type", kind))).await
    };
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json", ""] {
        assert_eq!(called(Some(kind)).await.problem(), "body_invalid", "{kind}");
    }
    assert_eq!(called(None).await.problem(), "body_invalid");
    for kind in ["application/json", "Application/JSON", "application/json; charset=utf-8"] {
        assert_eq!(called(Some(kind)).await.status, 201, "{kind}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_invalid() {
    let service = Setup::default().start().await;
    let request = request(&service, Method::POST, "/v1/logins").header("Content-Type", "application/json");
    let answer = send(request.body(b"{\"channel\":\"\xff\xfe\"}".to_vec())).await;
    assert_eq!(answer.problem(), "body_invalid");
}

#[tokio::test]
async fn a_body_over_64_kib_is_too_large_however_it_is_sent() {
    let service = Setup::default().start().await;
    let body = format!("{{\"channel\":\"{}\"}}", "x".repeat(100 * 1024));
    for path in ENDPOINTS.iter().chain(&["/wechat/main/callback"]) {
        let answer = post(&service, path, &body).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (413, "body_too_large"), "{path}");

        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
        );
        let chunked =
            format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
        let answer = raw(&service, chunked.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("body_too_large"), "{path}: {answer}");

        let announced = format!("{head}Content-Length: 999999999999\r\n\r\n{{");
        let answer = raw(&service, announced.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "refused before it is sent: {answer}");
    }
    let fits = format!("{{\"channel\":\"{}\"}}", "x".repeat(60 * 1024));
    assert_eq!(post(&service, "/v1/logins", &fits).await.problem(), "body_invalid", "64 KiB are read");
}
