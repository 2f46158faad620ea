//! The SMS inbox.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ring::hmac;
use saoma_sandbox::{Sandbox, SandboxConfig};
use serde_json::json;

use super::support::{Caller, config, sandbox};

const SECRET: &str = "a shared secret";

#[expect(clippy::disallowed_methods, reason = "signatures go by the machine's clock")]
fn machine_time() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

fn sign(secret: &str, time: i64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("{time}.{body}").as_bytes());
    let hex = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("t={time},v1={hex}")
}

fn message(phone: &str) -> String {
    json!({ "phone": phone, "code": "042137", "purpose": "login", "expires_in": 180 }).to_string()
}

#[tokio::test]
async fn a_code_reaches_only_the_person_with_that_number() {
    let sandbox = sandbox().await;
    let (ming, hong) = (sandbox.person("ming").unwrap(), sandbox.person("hong").unwrap());
    let caller = Caller::new(&sandbox);
    let waiting = tokio::spawn({
        let ming = ming.clone();
        async move { ming.next_sms(0, Duration::from_secs(10)).await }
    });
    assert_eq!(caller.post("/sandbox/sms/webhook", message(ming.phone())).await.status(), 204);
    let sms = waiting.await.unwrap().unwrap();
    assert_eq!((sms.code.as_str(), sms.purpose.as_str(), sms.expires_in), ("042137", "login", 180));
    assert!(hong.sms().is_empty());
    let inbox = caller.get_json("/sandbox/api/people/ming/sms").await;
    assert_eq!((&inbox[0]["code"], &inbox[0]["expires_in"]), (&json!("042137"), &json!(180)));
    assert_eq!(ming.next_sms(sms.id, Duration::ZERO).await, None, "there is no newer one");
    assert_eq!(caller.post("/sandbox/sms/webhook", "{}").await.status(), 422);
}

#[tokio::test]
async fn only_a_right_and_fresh_signature_is_taken_where_a_secret_is_set() {
    let config = SandboxConfig { sms_secret: Some(SECRET.into()), ..config() };
    let sandbox = Sandbox::start(config).await.unwrap();
    let ming = sandbox.person_with_phone("ming", "+8613800138000").unwrap();
    let caller = Caller::new(&sandbox);
    let (body, now) = (message("+8613800138000"), machine_time());
    let status = async |signature: &str| {
        let request = caller.request("/sandbox/sms/webhook").header("X-Saoma-Signature", signature);
        request.body(body.clone()).send().await.unwrap().status().as_u16()
    };
    assert_eq!(caller.post("/sandbox/sms/webhook", body.clone()).await.status(), 401);
    assert_eq!(status(&sign("another", now, &body)).await, 401);
    assert_eq!(status(&sign(SECRET, now, "another body")).await, 401);
    assert_eq!(status(&sign(SECRET, now - 600, &body)).await, 401);
    assert_eq!(status("t=1,v1=xyz").await, 401);
    assert!(ming.sms().is_empty());
    assert_eq!(status(&sign(SECRET, now, &body)).await, 204);
    assert_eq!(ming.sms().len(), 1);
}
