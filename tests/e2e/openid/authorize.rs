//! What a client may ask of the login: none, a new one, a recent one, of a certain person.

use std::time::Duration;

use super::support::{APP, claims, code_in, error_in, logged_in, post, scan_in, sent_to, setup, text};
use crate::harness::{Browser, parameter};

#[tokio::test]
async fn with_prompt_none_no_page_is_shown() {
    let service = setup().start().await;
    let mut browser = Browser::new();
    let address = APP.address("openid", &[("prompt", "none")]);
    let answer = browser.visit(&service, &address).await;
    assert_eq!(error_in(&answer), "login_required");
    assert_eq!(parameter(sent_to(&answer), "state").as_deref(), Some("s-1"));
    scan_in(&service, &mut browser, &service.person("anna")).await;
    code_in(&browser.visit(&service, &address).await);
}

#[tokio::test]
async fn with_prompt_login_the_person_scans_again() {
    let service = setup().start().await;
    let person = service.person("anna");
    let mut browser = logged_in(&service, &person).await;
    let before = APP.tokens(&service, &mut browser, "openid").await;
    let address = APP.address("openid", &[("prompt", "login")]);
    let sent = browser.visit(&service, &address).await;
    let return_to = parameter(sent.location(), "return_to").unwrap();
    let still = browser.visit(&service, &return_to).await;
    assert!(still.location().starts_with("/login?"), "the old login does not count");
    assert_eq!(parameter(still.location(), "return_to").as_deref(), Some(return_to.as_str()));
    tokio::time::sleep(Duration::from_millis(1100)).await;
    scan_in(&service, &mut browser, &person).await;
    let code = code_in(&browser.visit(&service, &return_to).await);
    let after = APP.redeem(&service, &code).await;
    let [before, after] = [before, after].map(|tokens| claims(&text(&tokens, "id_token")));
    assert!(after["auth_time"].as_i64() > before["auth_time"].as_i64());
    assert_eq!(after["sub"], before["sub"]);
}

#[tokio::test]
async fn a_login_that_is_too_old_is_renewed() {
    let service = setup().start().await;
    let person = service.person("anna");
    let mut browser = logged_in(&service, &person).await;
    code_in(&browser.visit(&service, &APP.address("openid", &[("max_age", "600")])).await);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let old = APP.address("openid", &[("max_age", "1")]);
    let none = browser.visit(&service, &APP.address("openid", &[("max_age", "1"), ("prompt", "none")])).await;
    assert_eq!(error_in(&none), "login_required");
    let sent = browser.visit(&service, &old).await;
    let return_to = parameter(sent.location(), "return_to").unwrap();
    scan_in(&service, &mut browser, &person).await;
    code_in(&browser.visit(&service, &return_to).await);
}

#[tokio::test]
async fn a_client_can_mean_a_certain_person() {
    let service = setup().start().await;
    let mut anna = logged_in(&service, &service.person("anna")).await;
    let mut bert = logged_in(&service, &service.person("bert")).await;
    let token = text(&APP.tokens(&service, &mut anna, "openid").await, "id_token");
    let hint = ("id_token_hint", token.as_str());
    let address = APP.address("openid", &[hint, ("prompt", "none")]);
    code_in(&anna.visit(&service, &address).await);
    assert_eq!(error_in(&bert.visit(&service, &address).await), "login_required");
    let changed = format!("{}x", token);
    let wrong = APP.address("openid", &[("id_token_hint", changed.as_str())]);
    assert_eq!(error_in(&anna.visit(&service, &wrong).await), "invalid_request");

    let sent = bert.visit(&service, &APP.address("openid", &[hint])).await;
    let return_to = parameter(sent.location(), "return_to").unwrap();
    scan_in(&service, &mut bert, &service.person("cleo")).await;
    assert_eq!(error_in(&bert.visit(&service, &return_to).await), "login_required");
}

#[tokio::test]
async fn a_long_request_stays_with_the_browser_until_the_login() {
    let service = setup().start().await;
    let mut browser = Browser::new();
    let state = "s".repeat(1500);
    let sent = browser.visit(&service, &APP.address("openid", &[("state", &state)])).await;
    let return_to = parameter(sent.location(), "return_to").unwrap();
    assert!(return_to.len() < 100, "{return_to}");
    scan_in(&service, &mut browser, &service.person("anna")).await;
    let back = browser.visit(&service, &return_to).await;
    assert_eq!(parameter(sent_to(&back), "state"), Some(state));
    let elsewhere = logged_in(&service, &service.person("bert")).await.visit(&service, &return_to).await;
    assert_eq!(elsewhere.status, 400, "another browser has not kept it");
    let too_long = "s".repeat(5000);
    let refused = Browser::new().visit(&service, &APP.address("openid", &[("state", &too_long)])).await;
    assert_eq!(error_in(&refused), "invalid_request");
}

#[tokio::test]
async fn a_request_may_come_as_a_form() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let address = APP.address("openid", &[]);
    let query = address.split_once('?').unwrap().1.to_owned();
    let form: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let cookies = browser.cookies_at("/oauth2/authorize").join("; ");
    let answer = post(&service, "/oauth2/authorize", &form, &[("Cookie", &cookies)]).await;
    assert_eq!(answer.status, 303, "the code goes on by a GET");
    code_in(&answer);
    // A browser sends no cookies along with another site's form; with the GET that follows it does.
    let without = post(&service, "/oauth2/authorize", &form, &[]).await;
    code_in(&browser.visit(&service, sent_to(&without)).await);
    code_in(&browser.visit(&service, &address).await);
}
