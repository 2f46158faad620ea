//! What only a login of the last ten minutes may do.

use std::{sync::Arc, time::Duration};

use reqwest::Method;
use saoma_api::{
    SystemClock,
    domain::{ports::Clock, time::Timestamp},
};
use serde_json::json;

use crate::harness::{Answer, Browser, Service, Setup, register_by_mini_program, register_by_website};

/// A clock that is ahead of time.
struct Ahead(Duration);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus(self.0)
    }
}

/// Does everything that may be too late: a code for a new number, the new number, an identity more, one less.
async fn attempt(service: &Service, browser: &mut Browser, identity: &str) -> [Answer; 4] {
    let phone = service.person("new").phone().to_owned();
    let change = json!({"phone": phone, "code": "123456"});
    let path = format!("/v1/session/identities/{identity}");
    [
        browser.call(service, Method::POST, "/v1/session/sms-codes", Some(json!({"phone": phone}))).await,
        browser.call(service, Method::PUT, "/v1/session/phone", Some(change)).await,
        browser
            .call(service, Method::POST, "/v1/session/identities", Some(json!({"channel": "website"})))
            .await,
        browser.call(service, Method::DELETE, &path, None).await,
    ]
}

#[tokio::test]
async fn a_login_of_eleven_minutes_ago_changes_neither_phone_nor_identities() {
    let mut service = Setup::every_channel().set("login.link_by_unionid", false).start().await;
    let ming = service.person("ming");
    let mut browser = register_by_website(&service, &ming).await;
    register_by_mini_program(&service, &ming).await;
    let before = browser.session(&service).await.json["account"].clone();
    let identity = before["identities"][1]["id"].as_str().unwrap().to_owned();

    let now = service.url.clone();
    let later = service.embed(Arc::new(Ahead(Duration::from_secs(11 * 60)))).await;
    service.url.clone_from(&later.url);
    assert_eq!(browser.session(&service).await.status, 200, "the session itself goes on");
    for answer in attempt(&service, &mut browser, &identity).await {
        assert_eq!((answer.status.as_u16(), answer.problem()), (401, "login_too_old"));
    }
    assert_eq!(browser.session(&service).await.json["account"], before);

    service.url = now;
    let [code, changed, added, removed] = attempt(&service, &mut browser, &identity).await;
    let statuses = [code, added, removed].map(|answer| answer.status.as_u16());
    assert_eq!(statuses, [202, 201, 204], "in time they may");
    assert_eq!(changed.problem(), "sms_code_wrong");
}
