//! One person by several doors: one account, and nothing merged behind anybody's back.

use reqwest::Method;
use saoma_sandbox::{Api, Fault, MiniProgram, Person, WebsiteApp};
use serde_json::{Value, json};

use crate::harness::{
    Browser, Device, PATIENCE, Service, Setup, bind_in_browser, come_back, eventually, login_to_go_on_with,
    open_mini_program, register, register_by_mini_program, register_by_website,
};

fn apps(session: &Value) -> Vec<&str> {
    let identities = session["account"]["identities"].as_array().unwrap();
    identities.iter().map(|identity| identity["app"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn all_doors_of_one_open_account_lead_to_one_account() {
    let service = Setup::every_door().start().await;
    let ming = service.person("ming");
    let mut browser = register_by_website(&service, &ming).await;
    assert_eq!(open_mini_program(&service, &ming).await.says(), "registered");
    let device = Device::start(&service).await;
    let (_, scanned) = tokio::join!(ming.scan(device.qr()), device.wait(&service, 30, 2));
    assert_eq!(scanned.says(), "registered");
    let inside = come_back(&service, &mut Browser::new(), &ming, "channel=in_wechat&return_to=/a").await;
    assert_eq!(inside.location(), "/a");
    let session = browser.session(&service).await.json;
    assert_eq!(apps(&session), ["site", "mini", "main"]);
    assert_eq!(session["conflicts"], json!([]));
    assert_eq!(ming.sms().len(), 1, "the phone was asked for once");
}

#[tokio::test]
async fn a_unionid_says_nothing_beyond_its_open_account() {
    let site = WebsiteApp { open_account: Some("other".to_owned()), ..WebsiteApp::demo() };
    let unbound = MiniProgram { open_account: None, ..MiniProgram::demo() };
    let service = Setup::default().website(site).mini_program(unbound).start().await;
    let ming = service.person("ming");
    register(&service, &ming).await;
    login_to_go_on_with(&come_back(&service, &mut Browser::new(), &ming, "channel=website").await);
    assert_eq!(open_mini_program(&service, &ming).await.says(), "unregistered");
}

#[tokio::test]
async fn where_the_operator_wants_no_links_there_are_none() {
    let service = Setup::every_door().set("login.link_by_unionid", false).start().await;
    let ming = service.person("ming");
    register_by_website(&service, &ming).await;
    assert_eq!(open_mini_program(&service, &ming).await.says(), "unregistered");
}

#[tokio::test]
async fn a_unionid_that_turns_up_later_links_on_its_own() {
    let service = Setup::every_door().start().await;
    let ming = service.person("ming");
    service.sandbox.bind_open_account("main", None).unwrap();
    register(&service, &ming).await;
    service.sandbox.bind_open_account("main", Some("default")).unwrap();
    let asked = service.sandbox.calls(Api::UserInfo);
    let device = Device::start(&service).await;
    ming.scan(device.qr()).await.unwrap();
    eventually("WeChat is asked again", async || {
        (service.sandbox.calls(Api::UserInfo) > asked).then_some(())
    })
    .await;
    eventually("the mini program knows them", async || {
        (open_mini_program(&service, &ming).await.says() == "registered").then_some(())
    })
    .await;
}

/// Binds somebody else's number, whose SMS the person reads as well: an account of its own.
async fn register_with_number_of(service: &Service, person: &Person, owner: &Person) -> Browser {
    let mut browser = Browser::new();
    let back = come_back(service, &mut browser, person, "channel=website").await;
    let id = login_to_go_on_with(&back);
    bind_in_browser(service, &mut browser, &id, owner).await;
    browser
}

#[tokio::test]
async fn two_accounts_that_turn_out_to_be_one_person_are_shown_to_both_and_stay_two() {
    let service = Setup::every_door().start().await;
    let (ming, spare) = (service.person("ming"), service.person("spare"));
    // By the scan, and once more in the background.
    service.sandbox.fail(Api::UserInfo, &Fault::Errcode { errcode: 48001 }, 2);
    let (device, token) = register(&service, &ming).await;
    let mut browser = register_with_number_of(&service, &ming, &spare).await;
    let (one, other) = (device.session(&service, &token).await.json, browser.session(&service).await.json);
    assert_ne!(one["account"]["id"], other["account"]["id"]);
    assert_eq!((&one["conflicts"], &other["conflicts"]), (&json!([]), &json!([])), "nobody knows yet");

    // Now WeChat tells who scans.
    let again = Device::start(&service).await;
    ming.scan(again.qr()).await.unwrap();
    assert_eq!(again.look(&service).await.json["account"]["id"], one["account"]["id"], "the way in stays");
    let shown = eventually("the conflict is shown", async || {
        let session = device.session(&service, &token).await.json;
        (session["conflicts"] != json!([])).then_some(session)
    })
    .await;
    let conflict = &shown["conflicts"][0];
    assert_eq!(shown["conflicts"].as_array().unwrap().len(), 1);
    assert_eq!(conflict["identity_id"], shown["account"]["identities"][0]["id"]);
    assert_eq!((&conflict["app"], &conflict["channel"]), (&"main".into(), &"official_account".into()));
    assert_eq!(conflict["account"]["id"], other["account"]["id"]);
    let phone = conflict["account"]["phone"].as_str().unwrap();
    assert!(phone.contains("****") && !shown.to_string().contains(&spare.phone()[3..]), "{shown}");
    let theirs = browser.session(&service).await.json;
    assert_eq!(theirs["conflicts"][0]["account"]["id"], one["account"]["id"]);
    assert_eq!((apps(&shown), apps(&theirs)), (vec!["main"], vec!["site"]), "nothing was merged");
}

#[tokio::test]
async fn a_second_user_of_one_app_is_not_added_by_a_phone() {
    let setup = Setup::every_door().set("login.link_by_unionid", false);
    let service = setup.set("limits.sms_per_phone_gap_s", 0).start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    register_by_website(&service, &ming).await;
    let mut browser = Browser::new();
    let id = login_to_go_on_with(&come_back(&service, &mut browser, &hong, "channel=website").await);
    let last = ming.sms().last().unwrap().id;
    let path = |below: &str| format!("/v1/logins/{id}/{below}");
    let body = json!({"phone": ming.phone()});
    browser.call(&service, Method::POST, &path("sms-codes"), Some(body)).await;
    let code = ming.next_sms(last, PATIENCE).await.unwrap().code;
    let body = json!({"phone": ming.phone(), "code": code});
    let taken = browser.call(&service, Method::POST, &path("phone"), Some(body)).await;
    assert_eq!((taken.status.as_u16(), taken.problem()), (409, "phone_taken"));

    let (_, token) = register_by_mini_program(&service, &ming).await;
    assert_eq!(token.len(), 43, "another app is another matter");
}
