//! An account that can make no QR codes: people send it the code that the page shows.

use reqwest::StatusCode;
use saoma_sandbox::{CallbackFormat, CallbackMode, OfficialAccount, Person};
use serde_json::json;

use crate::harness::{
    Device, Phone, Service, Setup, another_than, bind_own_phone, eventually, follower, link, other_than,
    says, shown,
};

/// An account without the right to parametric codes, as WeChat refuses them to it.
fn subscription_account() -> OfficialAccount {
    OfficialAccount { verified: false, ..OfficialAccount::demo() }
}

fn by_message() -> Setup {
    let setup = Setup::default().account(subscription_account());
    let id = subscription_account().original_id;
    setup.set("wechat.apps.0.login_by", "message").set("wechat.apps.0.original_id", id)
}

fn code(device: &Device) -> String {
    device.started["qr"]["message"]["code"].as_str().unwrap().to_owned()
}

/// Makes an account for a person, by a login of their own.
async fn registered(service: &Service, person: &Person) {
    let device = Device::start(service).await;
    says(person, &code(&device)).await;
    let answer = bind_own_phone(service, &device, person).await;
    assert_eq!(answer.says(), "registered", "{}", answer.text);
}

#[tokio::test]
async fn a_new_person_follows_the_account_sends_the_code_and_goes_on_with_their_number() {
    let service = by_message().start().await;
    let asked = Device::ask(&service, json!({"qr_format": "png"})).await;
    assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.text);
    let device = Device::started(&asked);
    let qr = &device.started["qr"];
    let keys: Vec<&str> = qr.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["image_url", "message"], "a code of WeChat's is neither made nor drawn");
    let picture = reqwest::get(qr["image_url"].as_str().unwrap()).await.unwrap();
    assert_eq!(picture.headers()["content-type"], "image/png");
    let origin = service.sandbox.base_url();
    let page = reqwest::get(format!("{}/login", service.url)).await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains(&format!("img-src 'self' data: {origin};")), "the page may show it: {policy}");
    assert_eq!(code(&device).len(), 6);
    assert!(service.sandbox.qr_codes().is_empty());

    let ming = service.person("ming");
    ming.scan(&subscription_account().own_code_url()).await.unwrap();
    assert_eq!(device.look(&service).await.says(), "loop", "to follow is not to log in");
    let said = code(&device);
    let (said, answer) = tokio::join!(says(&ming, &said), device.wait(&service, 30, 1));
    let said = said.unwrap();
    assert!(said.starts_with("收到，请在 login.example.test 的页面上继续\n"), "{said}");
    assert_eq!((answer.says(), &answer.json["version"]), ("unregistered", &json!(2)));
    let answer = bind_own_phone(&service, &device, &ming).await;
    let session = device.session(&service, answer.token()).await.json;
    assert_eq!(session["amr"], json!(["wechat_qr", "sms"]));
    assert_eq!(session["account"]["identities"][0]["channel"], "official_account");
}

#[tokio::test]
async fn a_known_person_is_logged_in_however_the_digits_are_written() {
    let service = by_message().start().await;
    let ming = follower(&service, "ming").await;
    registered(&service, &ming).await;
    let writings: [fn(&str) -> String; 3] = [
        |code| code.to_owned(),
        |code| format!(" {} {}\n", &code[..3], &code[3..]),
        |code| code.chars().filter_map(|c| char::from_u32(u32::from(c) + 0xff10 - 0x30)).collect(),
    ];
    for write in writings {
        let device = Device::start(&service).await;
        let said = says(&ming, &write(&code(&device))).await.unwrap();
        assert!(said.starts_with("已登录 login.example.test\n") && said.contains("/n/"), "{said}");
        let again = says(&ming, &code(&device)).await.unwrap();
        assert!(again.starts_with("已登录"), "the same person is told the same: {again}");
        assert_eq!(device.look(&service).await.says(), "registered");
    }
}

#[tokio::test]
async fn a_code_is_good_for_one_person_and_until_its_time() {
    let service = by_message().set("login.qr_ttl_s", 10).start().await;
    let (ming, hong) = (follower(&service, "ming").await, follower(&service, "hong").await);
    let device = Device::start(&service).await;
    says(&ming, &code(&device)).await;
    let second = says(&hong, &code(&device)).await.unwrap();
    assert_eq!(second, "这个数字已被其他微信用户使用，请刷新页面，发送新的数字。");

    let device = Device::start(&service).await;
    let ended = eventually("the code is over", async || {
        let answer = device.look(&service).await;
        (answer.says() == "expired").then_some(answer)
    });
    assert_eq!(ended.await.json["reason"], "timeout");
    let late = says(&hong, &code(&device)).await.unwrap();
    assert_eq!(late, "这个数字已失效，请刷新页面，发送新的数字。");
    assert_eq!(device.look(&service).await.says(), "expired");
}

#[tokio::test]
async fn a_wrong_code_logs_no_one_in_and_after_five_of_them_the_right_one_does_not_either() {
    let service = by_message().set("server.trusted_proxies", "127.0.0.1").start().await;
    let (ming, hong) = (follower(&service, "ming").await, follower(&service, "hong").await);
    let device = Device::start(&service).await;
    let (right, wrong) = (code(&device), another_than(&code(&device)));
    for _ in 0..5 {
        let said = says(&hong, wrong).await.unwrap();
        assert!(said.starts_with("这个数字已失效或不正确"), "{said}");
    }
    for text in [wrong, right.as_str()] {
        assert_eq!(says(&hong, text).await.unwrap(), "数字错得太多，请一小时后再试。");
    }
    assert_eq!(device.look(&service).await.says(), "loop", "who fishes catches nothing");
    assert_eq!(says(&hong, "123").await, None, "other texts mean nothing, as before");
    says(&ming, &right).await;
    assert_eq!(device.look(&service).await.says(), "unregistered", "others are not held up");
}

#[tokio::test]
async fn the_code_of_one_account_is_none_of_another() {
    let other = OfficialAccount {
        name: "shop".to_owned(),
        app_id: "wx9c8b7a6d5e4f3021".to_owned(),
        original_id: "gh_7d52c9a03f1b".to_owned(),
        ..OfficialAccount::demo()
    };
    let service = by_message().also(other).set("wechat.apps.1.login_by", "message").start().await;
    let (main, shop) = (Device::start(&service).await, Device::start_at(&service, "shop").await);
    assert_eq!(shop.started["app"], "shop");
    let ming = follower(&service, "ming").await;
    ming.follow("shop").await.unwrap();
    let said = ming.send_text("shop", &code(&main)).await.unwrap();
    if code(&main) != code(&shop) {
        assert!(said.reply().unwrap().starts_with("这个数字已失效或不正确"), "{said:?}");
    }
    assert_eq!(main.look(&service).await.says(), "loop");
    ming.send_text("shop", &code(&shop)).await.unwrap();
    assert_eq!(shop.look(&service).await.says(), "unregistered");
}

#[tokio::test]
async fn the_phone_is_asked_first_by_a_tap() {
    let (service, phone) = (by_message().set("wechat.apps.0.confirm", "click").start().await, Phone::new());
    let ming = follower(&service, "ming").await;
    let device = Device::start(&service).await;
    let said = says(&ming, &code(&device)).await.unwrap();
    assert_eq!(device.look(&service).await.json["scanned"], true);
    let refused = phone.no(&service, &link(&said, "/c/")).await;
    assert!(refused.text.contains("已拒绝"), "{}", refused.text);
    let answer = device.look(&service).await;
    assert_eq!((answer.says(), &answer.json["reason"]), ("expired", &json!("denied")));
    assert_eq!(
        Device::ask(&service, json!({})).await.problem(),
        "rate_limited",
        "its address gets no new code"
    );
}

#[tokio::test]
async fn the_two_digits_are_sent_to_the_chat_after_the_six() {
    let service = by_message().set("wechat.apps.0.confirm", "number").start().await;
    let ming = follower(&service, "ming").await;
    let device = Device::start(&service).await;
    let said = says(&ming, &code(&device)).await.unwrap();
    assert!(said.contains("请回复那台设备上显示的两位数字"), "{said}");
    let number = shown(&device.look(&service).await);
    let told = says(&ming, other_than(&number)).await.unwrap();
    assert!(told.contains("还可以试 2 次"), "{told}");
    says(&ming, &number).await;
    let answer = bind_own_phone(&service, &device, &ming).await;
    let session = device.session(&service, answer.token()).await.json;
    assert_eq!(session["amr"], json!(["wechat_qr", "confirm_number", "sms"]));
}

#[tokio::test]
async fn json_and_plain_mode_count_like_secure_xml() {
    for (mode, format) in [
        (CallbackMode::Secure, CallbackFormat::Json),
        (CallbackMode::Plain, CallbackFormat::Xml),
        (CallbackMode::Plain, CallbackFormat::Json),
    ] {
        let account = OfficialAccount { mode, format, ..subscription_account() };
        let service = Setup::default()
            .account(account)
            .set("wechat.apps.0.login_by", "message")
            .set("wechat.apps.0.allow_unsigned_body", mode == CallbackMode::Plain)
            .start()
            .await;
        let ming = follower(&service, "ming").await;
        let device = Device::start(&service).await;
        let said = says(&ming, &code(&device)).await.unwrap();
        assert!(said.starts_with("收到"), "{mode:?} {format:?}: {said}");
        assert_eq!(device.look(&service).await.says(), "unregistered", "{mode:?} {format:?}");
        let wrong = says(&ming, another_than(&code(&device))).await.unwrap();
        assert!(wrong.starts_with("这个数字已失效或不正确"), "{mode:?} {format:?}: {wrong}");
    }
}

#[tokio::test]
async fn an_answer_of_the_configuration_to_this_very_text_goes_before() {
    let service = by_message()
        .set("wechat.apps.0.replies.code_unknown", "Wrong digits for {site}.")
        .set("wechat.apps.0.replies_to.0.on", "text")
        .set("wechat.apps.0.replies_to.0.match", "100086")
        .set("wechat.apps.0.replies_to.0.text", "a number of ours")
        .set("wechat.apps.0.replies_to.1.on", "any")
        .set("wechat.apps.0.replies_to.1.text", "hello")
        .start()
        .await;
    let ming = follower(&service, "ming").await;
    assert_eq!(says(&ming, "100086").await.as_deref(), Some("a number of ours"));
    assert_eq!(says(&ming, "100087").await.as_deref(), Some("Wrong digits for login.example.test."));
    assert_eq!(says(&ming, "10008").await.as_deref(), Some("hello"));
}
