//! The phone that scanned says yes or no, and may say later that it was not its person.

use reqwest::StatusCode;
use saoma_sandbox::Person;
use serde_json::json;

use crate::harness::{Device, Phone, Service, Setup, bind_own_phone, link, other_than, register, shown};

async fn asking(by: &str) -> Service {
    Setup::default().set("wechat.apps.0.confirm", by).start().await
}

/// Starts a login of a person who has an account, and lets them scan; returns what the chat says.
async fn scanned(service: &Service, person: &Person) -> (Device, String) {
    let device = Device::start(service).await;
    let said = person.scan(device.qr()).await.unwrap().reply().expect("the chat asks").to_owned();
    (device, said)
}

/// Makes an account for a person where the phone is asked by a tap.
async fn registered(service: &Service, person: &Person, phone: &Phone) {
    let (device, said) = scanned(service, person).await;
    phone.yes(service, &link(&said, "/c/")).await;
    let answer = bind_own_phone(service, &device, person).await;
    assert_eq!(answer.says(), "registered", "{}", answer.text);
}

#[tokio::test]
async fn the_client_is_let_in_by_a_tap_on_the_phone() {
    let (service, phone) = (asking("click").await, Phone::new());
    let ming = service.person("ming");
    registered(&service, &ming, &phone).await;
    let (device, said) = scanned(&service, &ming).await;
    let waiting = device.look(&service).await.json;
    assert_eq!(
        (&waiting["state"], &waiting["version"], &waiting["scanned"]),
        (&json!("loop"), &json!(2), &json!(true))
    );
    assert!(waiting.get("confirm").is_none(), "no number is asked for: {waiting}");

    let page = phone.open(&service, &link(&said, "/c/")).await;
    assert_eq!(page.status, StatusCode::OK);
    for told in
        ["login.example.test", "127.0.0.1", "living-room-tv", "与本手机在同一网络", "拒绝", "确认登录"]
    {
        assert!(page.text.contains(told), "{told}: {}", page.text);
    }
    assert_eq!(device.look(&service).await.json["version"], 2, "a look changes nothing");
    let answered = phone.yes(&service, &link(&said, "/c/")).await;
    assert!(answered.text.contains("已确认"), "{}", answered.text);
    let answer = device.wait(&service, 5, 2).await;
    assert_eq!((answer.says(), &answer.json["version"]), ("registered", &json!(3)));
    let session = device.session(&service, answer.token()).await.json;
    assert_eq!(session["amr"], json!(["wechat_qr", "confirm_click"]));
    let again = phone.yes(&service, &link(&said, "/c/")).await;
    assert!(again.text.contains("已确认"), "a second tap is told the same");
    let later = phone.open(&service, &link(&said, "/c/")).await;
    assert!(
        later.text.contains("/n/") && later.text.contains("不是我本人"),
        "it can be undone: {}",
        later.text
    );
}

#[tokio::test]
async fn a_relayed_code_that_the_phone_refuses_logs_no_one_in_and_its_address_gets_no_other() {
    let (service, phone) = (asking("click").await, Phone::new());
    let ming = service.person("ming");
    registered(&service, &ming, &phone).await;
    let (attacker, said) = scanned(&service, &ming).await;
    let refused = phone.no(&service, &link(&said, "/c/")).await;
    assert!(refused.text.contains("已拒绝"), "{}", refused.text);
    let answer = attacker.wait(&service, 5, 2).await;
    assert_eq!((answer.says(), &answer.json["reason"]), ("expired", &json!("denied")));
    let late = phone.yes(&service, &link(&said, "/c/")).await;
    assert!(late.text.contains("这次登录已拒绝"), "a no stays: {}", late.text);
    let again = Device::ask(&service, json!({})).await;
    assert_eq!((again.status, again.problem()), (StatusCode::TOO_MANY_REQUESTS, "rate_limited"));
    assert!(again.retry_after() > 0);
}

#[tokio::test]
async fn the_digits_are_taken_on_the_page_and_in_the_chat() {
    let (service, phone) = (asking("number").await, Phone::new());
    let ming = service.person("ming");
    let (device, said) = scanned(&service, &ming).await;
    let number = shown(&device.look(&service).await);
    let unread = phone.send(&service, &link(&said, "/c/"), &[]).await;
    assert_eq!(unread.status, StatusCode::OK, "a form without an answer changes nothing");
    assert_eq!(device.look(&service).await.json["version"], 2);
    let plain = phone.yes(&service, &link(&said, "/c/")).await;
    assert!(plain.text.contains("请输入后再确认"), "a yes is not enough: {}", plain.text);
    let told = phone.enter(&service, &link(&said, "/c/"), other_than(&number)).await;
    assert!(told.text.contains("还可以试 2 次"), "{}", told.text);
    phone.enter(&service, &link(&said, "/c/"), &number).await;
    let answer = bind_own_phone(&service, &device, &ming).await;
    let session = device.session(&service, answer.token()).await.json;
    assert_eq!(session["amr"], json!(["wechat_qr", "confirm_number", "sms"]));

    let (device, _) = scanned(&service, &ming).await;
    let number = shown(&device.look(&service).await);
    let told = ming.send_text("main", other_than(&number)).await.unwrap().reply().unwrap().to_owned();
    assert!(told.contains("还可以试 2 次"), "{told}");
    let told = ming.send_text("main", &number).await.unwrap().reply().unwrap().to_owned();
    assert!(told.starts_with("已登录"), "{told}");
    assert_eq!(device.look(&service).await.says(), "registered");
    assert_eq!(ming.send_text("main", "47").await.unwrap().reply(), None, "digits mean nothing any more");
}

#[tokio::test]
async fn three_wrong_numbers_end_the_login() {
    let (service, phone) = (asking("number").await, Phone::new());
    let ming = service.person("ming");
    let (device, said) = scanned(&service, &ming).await;
    let number = shown(&device.look(&service).await);
    for _ in 0..3 {
        phone.enter(&service, &link(&said, "/c/"), other_than(&number)).await;
    }
    let answer = device.look(&service).await;
    assert_eq!((answer.says(), &answer.json["reason"]), ("expired", &json!("denied")));
    phone.enter(&service, &link(&said, "/c/"), &number).await;
    assert_eq!(device.look(&service).await.says(), "expired");
}

#[tokio::test]
async fn not_me_ends_login_and_session() {
    let (service, phone) = (Setup::default().start().await, Phone::new());
    let ming = service.person("ming");
    register(&service, &ming).await;
    let (device, said) = scanned(&service, &ming).await;
    let token = device.look(&service).await.token().to_owned();
    let page = phone.open(&service, &link(&said, "/n/")).await;
    assert!(page.text.contains("这次登录不是你本人"), "{}", page.text);
    assert_eq!(device.session(&service, &token).await.status, 200, "a look changes nothing");
    let ended = phone.send(&service, &link(&said, "/n/"), &[]).await;
    assert!(ended.text.contains("已结束"), "{}", ended.text);
    assert_eq!(device.session(&service, &token).await.problem(), "session_invalid");
    let answer = device.look(&service).await;
    assert_eq!((answer.says(), &answer.json["reason"]), ("expired", &json!("denied")));
    assert_eq!(Device::ask(&service, json!({})).await.status, 429, "its address gets no new code");
}

#[tokio::test]
async fn not_me_takes_back_what_a_strangers_number_linked() {
    let service = Setup::default().set("server.trusted_proxies", "127.0.0.1").start().await;
    let (ming, stranger) = (service.person("ming"), service.person("hong"));
    let attacker = Device::start_from(&service, "203.0.113.9").await;
    let said = ming.scan(attacker.qr()).await.unwrap().reply().unwrap().to_owned();
    bind_own_phone(&service, &attacker, &stranger).await;
    let ended = Phone::new().send(&service, &link(&said, "/n/"), &[]).await;
    assert!(ended.text.contains("已解除"), "{}", ended.text);
    let own = Device::start_from(&service, "198.51.100.1").await;
    ming.scan(own.qr()).await.unwrap();
    assert_eq!(own.look(&service).await.says(), "unregistered", "the stranger's account is not Ming's");
    bind_own_phone(&service, &own, &ming).await;
}

#[tokio::test]
async fn a_link_is_the_phones_alone() {
    let (service, phone) = (asking("click").await, Phone::new());
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let (device, said) = scanned(&service, &ming).await;
    let other = hong.scan(device.qr()).await.unwrap().reply().unwrap().to_owned();
    assert!(!other.contains("/c/"), "who scans second gets no link: {other}");
    let of_ming = link(&said, "/c/");
    let made_up = format!("{}{}", &of_ming[..of_ming.len() - 12], "AAAAAAAAAAAA");
    for wrong in ["/c/x", made_up.as_str(), &of_ming.replace("/c/", "/n/")] {
        let opened = phone.open(&service, wrong).await;
        assert_eq!(opened.status, StatusCode::NOT_FOUND, "{wrong}");
        assert!(opened.text.contains("链接无效"), "{wrong}: {}", opened.text);
        let answer = phone.yes(&service, wrong).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    assert_eq!(device.look(&service).await.json["version"], 2);
}
