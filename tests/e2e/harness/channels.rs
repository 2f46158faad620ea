//! The steps of the channels other than the QR code: to WeChat and back in a browser, and mini programs.

use reqwest::Method;
use saoma_sandbox::Person;
use serde_json::json;

use super::{Answer, Browser, Device, PATIENCE, PUBLIC_URL, Service};

/// Sends a browser to WeChat, where the person allows the login, and back; returns what the service says then.
pub(crate) async fn come_back(
    service: &Service,
    browser: &mut Browser,
    person: &Person,
    query: &str,
) -> Answer {
    let page = browser.authorize(service, query).await;
    let back = person.allow(&page).unwrap();
    browser.visit(service, back.as_str()).await
}

/// Returns a parameter of an address's query.
pub(crate) fn parameter(address: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(PUBLIC_URL).unwrap().join(address).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// Returns the login that the page is to go on with.
pub(crate) fn login_to_go_on_with(answer: &Answer) -> String {
    assert!(answer.location().starts_with("/login?login="), "{}", answer.location());
    parameter(answer.location(), "login").unwrap()
}

/// Binds a person's own phone number to a login as the page does.
pub(crate) async fn bind_in_browser(
    service: &Service,
    browser: &mut Browser,
    id: &str,
    person: &Person,
) -> Answer {
    let last = person.sms().last().map_or(0, |sms| sms.id);
    let (codes, bind) = (format!("/v1/logins/{id}/sms-codes"), format!("/v1/logins/{id}/phone"));
    let body = json!({"phone": person.phone()});
    let asked = browser.call(service, Method::POST, &codes, Some(body)).await;
    assert_eq!(asked.status, 202, "{}", asked.text);
    let code = person.next_sms(last, PATIENCE).await.expect("the code arrives").code;
    let body = json!({"phone": person.phone(), "code": code});
    let bound = browser.call(service, Method::POST, &bind, Some(body)).await;
    assert_eq!(bound.says(), "registered", "{}", bound.text);
    bound
}

/// Brings a new person to their first session by the website, and returns their browser.
pub(crate) async fn register_by_website(service: &Service, person: &Person) -> Browser {
    let mut browser = Browser::new();
    let back = come_back(service, &mut browser, person, "channel=website").await;
    let id = login_to_go_on_with(&back);
    bind_in_browser(service, &mut browser, &id, person).await;
    browser
}

/// Logs in by a mini program, as the program on the person's phone does.
pub(crate) async fn open_mini_program(service: &Service, person: &Person) -> Answer {
    let code = person.wx_login("mini").unwrap();
    Device::ask(service, json!({"channel": "mini_program", "code": code})).await
}

/// Logs in by a mobile application, as the application on the person's phone does.
pub(crate) async fn open_app(service: &Service, person: &Person) -> Answer {
    let code = person.sdk_login("mobile").unwrap();
    Device::ask(service, json!({"channel": "app", "code": code})).await
}

/// Brings a new person to their first session by the mini program, and returns the device with the token.
pub(crate) async fn register_by_mini_program(service: &Service, person: &Person) -> (Device, String) {
    let device = Device::started(&open_mini_program(service, person).await);
    let code = person.phone_code("mini").unwrap();
    let bound = device.bind_wechat(service, json!({"code": code})).await;
    let token = bound.token().to_owned();
    (device, token)
}
