//! Where a browser may be sent after a login: every known spelling of elsewhere is refused.

use reqwest::Method;
use serde_json::json;
use url::form_urlencoded::byte_serialize;

use crate::harness::{Browser, Service, Setup, come_back, register_by_website, spellings_of_elsewhere};

async fn service() -> Service {
    let setup = Setup::every_channel().set("login.return_to_allowed", "https://shop.example.test/after");
    setup
        .set("limits.logins_per_ip_burst", 0)
        .set("server.public_url", "https://login.example.test")
        .start()
        .await
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

#[tokio::test]
async fn no_spelling_of_elsewhere_starts_a_login() {
    let (service, spellings) = (service().await, spellings_of_elsewhere());
    let mut browser = Browser::new();
    browser.origin = Some("https://login.example.test".to_owned());
    for spelling in &spellings {
        for channel in ["website", "in_wechat"] {
            let path = format!("/v1/oauth/authorize?channel={channel}&return_to={}", encoded(spelling));
            let answer = browser.visit(&service, &path).await;
            assert_eq!(answer.told_on_page(), "return_to_refused", "{spelling:?}");
            assert!(!answer.text.contains("evil"), "it is not repeated: {}", answer.text);
            let body = json!({"channel": channel, "return_to": spelling});
            let answer = browser.call(&service, Method::POST, "/v1/logins", Some(body)).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem()),
                (422, "return_to_refused"),
                "{spelling:?}"
            );
        }
    }
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn paths_of_the_site_and_allowed_addresses_are_gone_to() {
    let service = Setup::every_channel()
        .set("login.return_to_allowed", "https://shop.example.test/after")
        .set("limits.logins_per_ip_burst", 0)
        .start()
        .await;
    let ming = service.person("ming");
    register_by_website(&service, &ming).await;
    for (wanted, gone_to) in [
        ("/", "/"),
        ("/a/b?c=d&e=%2F#f", "/a/b?c=d&e=%2F#f"),
        ("/%2F%2Fevil.test", "/%2F%2Fevil.test"),
        ("/a?next=https://evil.test/", "/a?next=https://evil.test/"),
        ("/订单", "/%E8%AE%A2%E5%8D%95"),
        ("https://shop.example.test/after/cart?x=1", "https://shop.example.test/after/cart?x=1"),
    ] {
        let query = format!("channel=website&return_to={}", encoded(wanted));
        let back = come_back(&service, &mut Browser::new(), &ming, &query).await;
        assert_eq!(back.location(), gone_to);
    }
}
