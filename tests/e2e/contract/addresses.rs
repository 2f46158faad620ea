//! Whose address counts: the connection's, or what a trusted proxy says.

use reqwest::Method;
use serde_json::json;

use super::requests::{get, of, request, send};
use crate::harness::{Answer, Device, Service, Setup, register, scanned_by_new};

async fn start_as(service: &Service, forwarded: &[&str]) -> Answer {
    let request = request(service, Method::POST, "/v1/logins").json(&json!({"channel": "official_account"}));
    send(forwarded.iter().fold(request, |request, hop| request.header("X-Forwarded-For", *hop))).await
}

#[tokio::test]
async fn a_client_cannot_name_itself_another_address() {
    let service = Setup::default().set("limits.logins_per_ip_burst", 1).start().await;
    assert_eq!(start_as(&service, &["192.0.2.1"]).await.status, 201);
    for hop in ["192.0.2.2", "127.0.0.1", "::1", "192.0.2.2, 192.0.2.3", "nonsense", ""] {
        assert_eq!(start_as(&service, &[hop]).await.problem(), "rate_limited", "{hop}");
    }
    let forwarded = request(&service, Method::POST, "/v1/logins").header("Forwarded", "for=192.0.2.9");
    let real = forwarded.header("X-Real-IP", "192.0.2.9").json(&json!({"channel": "official_account"}));
    assert_eq!(send(real).await.problem(), "rate_limited", "nor by another header");
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_limits_of_its_own() {
    let service = Setup::default()
        .set("limits.logins_per_ip_burst", 1)
        .set("server.trusted_proxies", "127.0.0.0/8, 10.0.0.0/8")
        .start()
        .await;
    for client in ["192.0.2.1", "192.0.2.2", "2001:db8:1::1", "2001:db8:2::1"] {
        assert_eq!(start_as(&service, &[client]).await.status, 201, "{client}");
        assert_eq!(start_as(&service, &[client]).await.problem(), "rate_limited", "{client}");
    }
    assert_eq!(start_as(&service, &["2001:db8:1::2"]).await.problem(), "rate_limited", "the same /64");
    for spoofed in ["198.51.100.7, 192.0.2.1", "198.51.100.7,192.0.2.1, 10.1.2.3", "127.0.0.1, 192.0.2.1"] {
        assert_eq!(start_as(&service, &[spoofed]).await.problem(), "rate_limited", "{spoofed}");
    }
    let lines = start_as(&service, &["198.51.100.7", "192.0.2.1"]).await;
    assert_eq!(lines.problem(), "rate_limited", "the last line is the proxy's");
    assert_eq!(start_as(&service, &["192.0.2.3, 10.9.9.9"]).await.status, 201, "through two proxies");
}

#[tokio::test]
async fn the_clients_of_a_network_start_no_endless_logins_together() {
    let service = Setup::default()
        .set("limits.logins_per_network_per_min", 3)
        .set("server.trusted_proxies", "127.0.0.1")
        .start()
        .await;
    for (network, other) in [("192.0.2.", "192.0.3.1"), ("2001:db8:1:a::", "2001:db8:2::1")] {
        for host in 1..=3 {
            assert_eq!(start_as(&service, &[&format!("{network}{host}")]).await.status, 201);
        }
        assert_eq!(start_as(&service, &[&format!("{network}4")]).await.problem(), "rate_limited");
        assert_eq!(start_as(&service, &[other]).await.status, 201);
    }
    assert_eq!(start_as(&service, &["2001:db8:1:b::1"]).await.problem(), "rate_limited", "the same /48");
}

#[tokio::test]
async fn the_last_tenth_of_the_days_codes_is_for_networks_that_logged_in_before() {
    let service = Setup::default()
        .set("limits.logins_per_day", 10)
        .set("server.trusted_proxies", "127.0.0.1")
        .start()
        .await;
    register(&service, &service.person("ming")).await;
    for _ in 1..9 {
        assert_eq!(start_as(&service, &["203.0.113.1"]).await.status, 201);
    }
    let refused = start_as(&service, &["203.0.113.1"]).await;
    assert_eq!(refused.problem(), "rate_limited");
    assert!((86_000..=86_400).contains(&refused.retry_after()), "{}", refused.retry_after());
    Device::start(&service).await;
    assert_eq!(Device::ask(&service, json!({})).await.problem(), "rate_limited", "they are used up");
}

#[tokio::test]
async fn while_most_codes_are_not_used_an_address_gets_a_quarter_and_operators_are_told() {
    let service = Setup::default()
        .set("limits.sms_per_login", 0)
        .set("limits.sms_per_identity_day", 0)
        .set("limits.sms_per_ip_hour", 8)
        .set("server.trusted_proxies", "127.0.0.1")
        .start()
        .await;
    let device = scanned_by_new(&service, &service.person("ming")).await;
    let send_code = async |number: u32, address: &str| {
        let body = json!({"phone": format!("1380013{number:04}")});
        let request = of(&device, &service, Method::POST, "/sms-codes").json(&body);
        send(request.header("X-Forwarded-For", address)).await
    };
    let gauge = async || {
        let metrics = get(&service, &format!("{}/metrics", service.admin_url)).await.text;
        let line = metrics.lines().find(|line| line.starts_with("saoma_sms_unused_share_exceeded ")).unwrap();
        line.split(' ').next_back().unwrap().to_owned()
    };
    for number in 0..100 {
        assert_eq!(send_code(number, &format!("203.0.113.{}", number / 8)).await.status, 202);
        if number == 0 {
            assert_eq!(gauge().await, "0");
        }
    }
    assert_eq!(gauge().await, "1");
    for number in 100..103 {
        assert_eq!(send_code(number, "192.0.2.1").await.status, if number < 102 { 202 } else { 429 });
    }
    assert_eq!(send_code(103, "192.0.2.2").await.status, 202, "another address is served");
    service.line_with("were not used").await;
}

#[tokio::test]
async fn a_session_remembers_the_address_that_counts() {
    for (trusted, expected) in [("", "127.0.0.1"), ("127.0.0.1", "192.0.2.77")] {
        let service = Setup::default().set("server.trusted_proxies", trusted).start().await;
        let ming = service.person("ming");
        register(&service, &ming).await;
        let device = Device::start(&service).await;
        ming.scan(device.qr()).await.unwrap();
        let look = request(&service, Method::GET, &format!("/v1/logins/{}", device.id));
        let look = look.bearer_auth(&device.poll_token).header("X-Forwarded-For", "203.0.113.5, 192.0.2.77");
        let token = send(look).await.token().to_owned();
        let listed = device.with_session(&service, Method::GET, "/v1/sessions", &token).await.json;
        let own = listed["sessions"].as_array().unwrap().iter().find(|s| s["current"] == true).unwrap();
        assert_eq!(own["ip"], expected);
    }
}

#[tokio::test]
async fn a_hop_that_cannot_be_read_hides_no_client() {
    let service = Setup::default()
        .set("limits.logins_per_ip_burst", 1)
        .set("server.trusted_proxies", "127.0.0.1")
        .start()
        .await;
    let start = async |hops: &[u8]| {
        let request =
            request(&service, Method::POST, "/v1/logins").json(&json!({"channel": "official_account"}));
        send(request.header("X-Forwarded-For", reqwest::header::HeaderValue::from_bytes(hops).unwrap())).await
    };
    for (client, odd) in [("192.0.2.1", b"\xff"), ("192.0.2.2", b"\x80"), ("192.0.2.3", b"x")] {
        let hops = |before: &[u8]| [before, b", ", client.as_bytes()].concat();
        assert_eq!(start(&hops(odd)).await.status, 201, "{client}");
        assert_eq!(start(&hops(odd)).await.problem(), "rate_limited", "{client} is who it is");
        assert_eq!(start(&hops(b"198.51.100.1")).await.problem(), "rate_limited", "{client}");
    }
    assert_eq!(start(b"192.0.2.4, \xff").await.status, 201, "the walk ends at the proxy");
    assert_eq!(start(b"192.0.2.5, \xff").await.problem(), "rate_limited", "whoever is said to be behind");
}
