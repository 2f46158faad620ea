//! Coming to somebody's account by their number alone, as who has their old number can.

use reqwest::Method;
use saoma_sandbox::{Api, Fault, OfficialAccount, Person, Speaker};
use saoma_servers::eventually;

use crate::harness::{Answer, Device, Service, Setup, code_for, register};

fn shop(open_account: &str) -> OfficialAccount {
    OfficialAccount {
        name: "shop".to_owned(),
        app_id: "wx7d1e5f2a9b3c4068".to_owned(),
        original_id: "gh_8c2d4e6f1a3b".to_owned(),
        open_account: Some(open_account.to_owned()),
        ..OfficialAccount::demo()
    }
}

/// Lets somebody of the shop bind a number to which they can read the SMS.
async fn bind_number_of(service: &Service, person: &Person, owner: &Person) -> (Device, Answer) {
    let device = Device::start_at(service, "shop").await;
    person.scan(device.qr()).await.unwrap();
    let code = code_for(service, &device, owner).await;
    let bound = device.bind(service, owner.phone(), &code).await;
    (device, bound)
}

fn told(person: &Person) -> Vec<String> {
    let chat = person.chat("main").into_iter().filter(|message| message.from == Speaker::Account);
    chat.map(|message| message.text).filter(|text| text.starts_with("安全提醒")).collect()
}

#[tokio::test]
async fn another_person_of_one_open_platform_account_does_not_get_the_account() {
    let setup = Setup::default().also(shop("default"));
    let service = setup.set("limits.sms_per_phone_gap_s", 0).start().await;
    let (ming, wei) = (service.person("ming"), service.person("wei"));
    let (device, token) = register(&service, &ming).await;
    let (_, refused) = bind_number_of(&service, &wei, &ming).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (409, "phone_taken"));
    let session = device.session(&service, &token).await;
    assert_eq!(session.json["account"]["identities"].as_array().unwrap().len(), 1);
    assert_eq!(told(&ming), [""; 0]);
}

#[tokio::test]
async fn an_owner_hears_of_a_newcomer_who_cannot_shut_them_out() {
    let setup = Setup::default().also(shop("of_its_own"));
    let setup = setup.set("wechat.apps.1.open_account", "of_its_own");
    let service = setup.set("limits.sms_per_phone_gap_s", 0).start().await;
    let (ming, wei) = (service.person("ming"), service.person("wei"));
    let (owner, owners) = register(&service, &ming).await;
    let (device, bound) = bind_number_of(&service, &wei, &ming).await;
    let token = bound.token();

    let session = device.session(&service, token).await;
    let identities = session.json["account"]["identities"].as_array().unwrap();
    assert_eq!(identities.len(), 2, "{}", session.json);
    let remove = async |token: &str, at: usize| {
        let path = format!("/v1/session/identities/{}", identities[at]["id"].as_str().unwrap());
        device.with_session(&service, Method::DELETE, &path, token).await
    };
    let refused = remove(token, 0).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (403, "identity_too_new"));
    eventually("the owner is told", async || told(&ming).pop()).await;
    assert_eq!(told(&ming).len(), 1);

    assert_eq!(owner.session(&service, &owners).await.status, 200, "the owner is still logged in");
    assert_eq!(remove(&owners, 1).await.status, 204, "and can shut the newcomer out");
    assert_eq!(device.session(&service, token).await.status, 401);
}

#[tokio::test]
async fn an_owner_whom_wechat_takes_no_message_to_hears_of_it_when_they_write() {
    let setup = Setup::default().also(shop("of_its_own"));
    let setup = setup.set("wechat.apps.1.open_account", "of_its_own");
    let service = setup.set("limits.sms_per_phone_gap_s", 0).start().await;
    let (ming, wei) = (service.person("ming"), service.person("wei"));
    register(&service, &ming).await;
    service.sandbox.fail(Api::CustomSend, &Fault::Errcode { errcode: 45015 }, 1);
    bind_number_of(&service, &wei, &ming).await;
    let is_asked = async || (service.sandbox.calls(Api::CustomSend) > 0).then_some(());
    eventually("WeChat is asked to tell the owner", is_asked).await;
    assert_eq!(told(&ming), [""; 0]);
    ming.send_text("main", "你好").await.unwrap();
    assert_eq!(told(&ming).len(), 1);
}
