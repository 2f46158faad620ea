//! A phone's own browser waits, and its person opens the link to its login inside WeChat.

use saoma_sandbox::Person;
use serde_json::json;

use crate::harness::{
    Answer, Browser, Device, PUBLIC_URL, Phone, Service, Setup, bind_own_phone, other_than, parameter, shown,
};

/// Opens a link to a login inside WeChat, as a person.
async fn open(service: &Service, inside: &mut Browser, person: &Person, login: &str) -> Answer {
    let page = inside.authorize(service, &format!("channel=in_wechat&login={login}")).await;
    inside.visit(service, person.allow(&page).unwrap().as_str()).await
}

/// Returns the path of the phone's page.
fn page(answer: &Answer) -> String {
    answer.location().strip_prefix(PUBLIC_URL).expect("it is of this site").to_owned()
}

#[tokio::test]
async fn who_opens_the_link_is_asked_for_the_digits_of_the_waiting_browser() {
    for confirm in ["none", "notify", "click", "number"] {
        let service = Setup::default().set("wechat.apps.0.confirm", confirm).start().await;
        let (ming, phone) = (service.person("ming"), Phone::new());
        let waits = Device::start(&service).await;
        let answer = open(&service, &mut Browser::new(), &ming, &waits.id).await;
        let page = page(&answer);
        assert!(page.starts_with("/c/"), "{page}");
        let waiting = waits.look(&service).await;
        assert_eq!((waiting.says(), &waiting.json["scanned"]), ("loop", &json!(true)), "{confirm}");
        let number = shown(&waiting);
        let seen = phone.open(&service, &page).await;
        assert!(
            seen.text.contains("name=\"number\"") && seen.text.contains("living-room-tv"),
            "{}",
            seen.text
        );
        phone.yes(&service, &page).await;
        assert_eq!(waits.look(&service).await.says(), "loop", "{confirm}: a yes is not enough");
        phone.enter(&service, &page, &number).await;
        let bound = bind_own_phone(&service, &waits, &ming).await;
        let session = waits.session(&service, bound.token()).await.json;
        assert_eq!(session["amr"], json!(["wechat_page", "confirm_number", "sms"]));
    }
}

#[tokio::test]
async fn a_link_that_is_sent_to_a_victim_lets_no_one_in_without_the_digits() {
    let service = Setup::default().start().await;
    let (ming, phone) = (service.person("ming"), Phone::new());
    let attacker = Device::start(&service).await;
    let page = page(&open(&service, &mut Browser::new(), &ming, &attacker.id).await);
    let number = shown(&attacker.look(&service).await);
    for _ in 0..3 {
        phone.enter(&service, &page, other_than(&number)).await;
    }
    let answer = attacker.look(&service).await;
    assert_eq!((answer.says(), &answer.json["reason"]), ("expired", &json!("denied")));
}

#[tokio::test]
async fn a_link_that_is_of_no_use_says_why() {
    let service = Setup::default().start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let waits = Device::start(&service).await;
    open(&service, &mut Browser::new(), &ming, &waits.id).await;
    let second = open(&service, &mut Browser::new(), &hong, &waits.id).await;
    assert!(second.text.contains("已被他人扫过"), "{}", second.text);
    let mut inside = Browser::new();
    let made_up = inside.visit(&service, "/v1/oauth/authorize?channel=in_wechat&login=x").await;
    assert_eq!(made_up.told_on_page(), "login_unknown");
}

#[tokio::test]
async fn a_link_to_a_login_that_is_over_says_so() {
    let service = Setup::default().set("login.qr_ttl_s", 2).set("login.oauth_ttl_s", 600).start().await;
    let (ming, late, mut inside) = (service.person("ming"), Device::start(&service).await, Browser::new());
    let wechat = inside.authorize(&service, &format!("channel=in_wechat&login={}", late.id)).await;
    late.wait(&service, 10, 1).await;
    let over = inside.visit(&service, ming.allow(&wechat).unwrap().as_str()).await;
    assert!(over.text.contains("这次登录已失效"), "{}", over.text);
}

#[tokio::test]
async fn a_link_takes_no_other_wishes() {
    let service = Setup::every_channel().start().await;
    let waits = Device::start(&service).await;
    for query in ["channel=website", "channel=in_wechat&return_to=/a"] {
        let path = format!("/v1/oauth/authorize?{query}&login={}", waits.id);
        let refused = Browser::new().call(&service, reqwest::Method::GET, &path, None).await;
        assert_eq!(refused.problem(), "body_invalid", "{query}");
    }
}

#[tokio::test]
async fn a_return_counts_in_the_browser_that_opened_the_link_and_is_sent_to_wechat_again_when_it_is_loaded_again()
 {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let (waits, mut inside) = (Device::start(&service).await, Browser::new());
    let wechat = inside.authorize(&service, &format!("channel=in_wechat&login={}", waits.id)).await;
    let back = ming.allow(&wechat).unwrap();
    let stranger = Browser::new().visit(&service, back.as_str()).await;
    assert_eq!(stranger.told_on_page(), "oauth_state_invalid");
    assert_eq!(waits.look(&service).await.json["version"], 1);
    let first = inside.visit(&service, back.as_str()).await;
    assert!(page(&first).starts_with("/c/"));
    let again = inside.visit(&service, back.as_str()).await;
    assert!(again.location().starts_with("/v1/oauth/authorize?"), "{}", again.location());
    assert_eq!(parameter(again.location(), "login").as_deref(), Some(waits.id.as_str()));
    let wechat = inside.visit(&service, again.location()).await.location().to_owned();
    let once_more = inside.visit(&service, ming.allow(&wechat).unwrap().as_str()).await;
    assert_eq!(page(&once_more), page(&first), "the phone is asked the same");
}
