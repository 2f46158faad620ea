//! Phones that are elsewhere than the client: what they see, what the site does, and what operators see of relayed codes.

use reqwest::Method;
use saoma_sandbox::Person;
use saoma_testing::PlaceFile;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use crate::{
    harness::{Device, Phone, Service, Setup, eventually, link, other_than, shown},
    site_api::support::{call, with_root},
};

/// Where the attacker is, and where the victim is.
const THERE: &str = "203.0.113.9";
const HERE: &str = "198.51.100.1";

/// Starts a service that knows both places.
async fn asking(by: &str, elsewhere: &str) -> (Service, NamedTempFile) {
    let places = PlaceFile::ipv4()
        .range("198.51.100.0", "198.51.100.255", "中国|福建省|厦门市|电信|CN")
        .range("203.0.113.0", "203.0.113.255", "中国|广东省|深圳市|移动|CN");
    let file = tempfile::Builder::new().suffix(".xdb").tempfile().unwrap();
    std::fs::write(file.path(), places.bytes()).unwrap();
    let service = with_root(Setup::default())
        .set("server.trusted_proxies", "127.0.0.1")
        .set("geo.file", file.path().display())
        .set("wechat.apps.0.confirm", by)
        .set("wechat.apps.0.elsewhere", elsewhere)
        .start()
        .await;
    (service, file)
}

/// Has a person scan the code of a client that is there; returns the client and the path of the phone's page.
async fn scanned(service: &Service, person: &Person) -> (Device, String) {
    let client = Device::start_from(service, THERE).await;
    let said = person.scan(client.qr()).await.unwrap().reply().expect("the chat asks").to_owned();
    (client, link(&said, "/c/"))
}

/// Returns what the trail says of a kind, the youngest first.
async fn trail(service: &Service, kind: &str) -> Vec<Value> {
    let found = call(service, Method::GET, &format!("/v1/admin/audit?kind={kind}"), None).await;
    found.json["items"].as_array().expect("there is a trail").clone()
}

#[tokio::test]
async fn the_phone_is_told_that_the_client_is_in_another_place() {
    let (service, _places) = asking("click", "say").await;
    let ming = service.person("ming");
    let (_, page) = scanned(&service, &ming).await;
    let seen = Phone::at(HERE).open(&service, &page).await;
    for told in ["广东 深圳（203.0.113.9）", "不在同一网络，也不在同一地区"] {
        assert!(seen.text.contains(told), "{told}: {}", seen.text);
    }
    let near = Phone::at("203.0.113.200").open(&service, &page).await;
    assert!(near.text.contains("与本手机在同一网络"), "{}", near.text);
    let answered = Phone::at(HERE).yes(&service, &page).await;
    assert!(answered.text.contains("已确认"), "it is said, and no more: {}", answered.text);
}

#[tokio::test]
async fn a_tap_from_elsewhere_asks_for_the_digits_where_the_site_wants_that() {
    let (service, _places) = asking("click", "number").await;
    let ming = service.person("ming");
    let (client, page) = scanned(&service, &ming).await;
    assert!(client.look(&service).await.json.get("confirm").is_none(), "a tap may do");
    let phone = Phone::at(HERE);
    let told = phone.yes(&service, &page).await;
    assert!(told.text.contains("请输入后再确认") && told.text.contains("name=\"number\""), "{}", told.text);
    let waiting = client.wait(&service, 5, 2).await;
    assert_eq!((waiting.says(), &waiting.json["version"]), ("loop", &json!(3)));
    let number = shown(&waiting);
    let wrong = phone.enter(&service, &page, other_than(&number)).await;
    assert!(wrong.text.contains("还可以试 2 次"), "{}", wrong.text);
    phone.enter(&service, &page, &number).await;
    assert_eq!(client.look(&service).await.says(), "unregistered");
}

#[tokio::test]
async fn a_yes_from_elsewhere_is_refused_where_the_site_wants_that_and_the_trail_says_why() {
    let (service, _places) = asking("click", "refuse").await;
    let ming = service.person("ming");
    let (client, page) = scanned(&service, &ming).await;
    let told = Phone::at(HERE).yes(&service, &page).await;
    assert!(told.text.contains("login.example.test 不允许这样登录"), "{}", told.text);
    let answer = client.look(&service).await;
    assert_eq!((answer.says(), &answer.json["reason"]), ("expired", &json!("denied")));
    let refused = trail(&service, "login_refused").await.remove(0);
    assert_eq!((&refused["outcome"], &refused["ip"]), (&json!("elsewhere"), &json!(THERE)), "{refused}");
    let (near, page) = scanned(&service, &ming).await;
    Phone::at("203.0.113.200").yes(&service, &page).await;
    assert_eq!(near.look(&service).await.says(), "unregistered");
}

#[tokio::test]
async fn a_code_that_several_people_scan_is_suspected_once() {
    let (service, _places) = asking("click", "say").await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let (client, _) = scanned(&service, &ming).await;
    for _ in 0..2 {
        hong.scan(client.qr()).await.unwrap();
    }
    let signs = eventually("it is suspected", async || {
        let signs = trail(&service, "login_suspected").await;
        (!signs.is_empty()).then_some(signs)
    })
    .await;
    assert_eq!(signs.len(), 1, "{signs:?}");
    assert_eq!(signs[0]["outcome"], "scanned_by_several");
    assert_eq!((&signs[0]["login"], &signs[0]["ip"]), (&json!(client.id), &json!(THERE)));
}

#[tokio::test]
async fn an_address_whose_codes_different_people_refuse_is_suspected() {
    let (service, _places) = asking("click", "say").await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let ((_, of_ming), (second, of_hong)) = (scanned(&service, &ming).await, scanned(&service, &hong).await);
    Phone::at(HERE).no(&service, &of_ming).await;
    assert_eq!(trail(&service, "login_suspected").await, [] as [Value; 0], "one may have changed their mind");
    Phone::at(HERE).no(&service, &of_hong).await;
    let again = Device::ask_from(&service, THERE, json!({})).await;
    assert_eq!(again.problem(), "rate_limited", "the address gets no new code");
    let signs = eventually("both are suspected", async || {
        let signs = trail(&service, "login_suspected").await;
        (signs.len() == 2).then_some(signs)
    })
    .await;
    let words: Vec<&str> = signs.iter().filter_map(|sign| sign["outcome"].as_str()).collect();
    assert!(words.contains(&"refused_by_several") && words.contains(&"tried_again"), "{signs:?}");
    let several = signs.iter().find(|sign| sign["outcome"] == "refused_by_several").unwrap();
    assert_eq!((&several["login"], &several["ip"]), (&json!(second.id), &json!(THERE)));
    let metrics = reqwest::get(format!("{}/metrics", service.admin_url)).await.unwrap().text().await.unwrap();
    for sign in words {
        let line = format!("saoma_suspected_logins_total{{sign=\"{sign}\"}} 1");
        assert!(metrics.lines().any(|found| found == line), "{line}");
    }
    Device::start_from(&service, HERE).await;
}
