//! The description of the API as a page: looked at, and tried against the service that it is of.

use saoma_browser::{Browser, Look, Stage, eventually};

use crate::steps::{MING, no_complaint};

const DESK: Look = Look { size: (1280, 900), ..PLAIN };
const PLAIN: Look =
    Look { language: "en", dark: false, size: (560, 720), scale: 1, user_agent: None, touch: false };

#[tokio::test]
async fn the_description_is_readable_in_both_languages_and_themes_on_a_desk_and_on_a_phone() {
    let (stage, browser) = (Stage::start(&[]).await, Browser::start(DESK).await);
    for (language, title) in [("en", "How a login works"), ("zh-CN", "一次登录的过程")] {
        browser.wear(Look { language, ..DESK }).await;
        browser.open(&stage.page("/docs")).await;
        browser.read(title).await;
        browser.click("#start_login > summary").await;
        browser.read("AZqPz0r5Q2mB7xk3wJt9LhYcV1nEuTgD").await;
        for (look, set_up) in [
            ("light", DESK),
            ("dark", Look { dark: true, ..DESK }),
            ("narrow", Look { size: (390, 844), touch: true, ..PLAIN }),
            ("narrow-dark", Look { size: (390, 844), dark: true, ..PLAIN }),
        ] {
            browser.wear(Look { language, ..set_up }).await;
            browser.check_accessibility().await;
            let sideways = browser.eval("return document.documentElement.scrollWidth - innerWidth").await;
            assert!(
                sideways.as_i64().is_some_and(|over| over <= 0),
                "{language} {look}: {sideways} too wide"
            );
            for (part, place) in [("guide", "#top"), ("operation", "#start_login")] {
                browser.eval(&format!("document.querySelector('{place}').scrollIntoView()")).await;
                browser.picture().await.keep(&format!("docs-{part}-{language}-{look}"));
            }
        }
    }
    no_complaint(&browser).await;
}

#[tokio::test]
async fn a_login_is_tried_from_the_first_call_to_the_session() {
    let (stage, browser) = (Stage::start(&[]).await, Browser::start(DESK).await);
    let person = stage.known_person("ming", MING).await;
    browser.open(&stage.page("/docs#start_login")).await;
    browser.click("#start_login button").await;
    browser.see("#start_login .qr").await;
    browser.read("filled in for the calls below").await;
    person.scan(&stage.newest_code()).await.unwrap();
    browser.click("#read_login > summary").await;
    let registered = async || {
        browser.click("#read_login button").await;
        let answer = browser.see("#read_login .answered").await.text().await.ok()?;
        answer.contains("\"registered\"").then_some(())
    };
    eventually("the login is registered", registered).await;
    let stored = browser.eval("return JSON.stringify([localStorage, sessionStorage])").await;
    assert_eq!(stored, "[{},{}]", "no token is kept");
    no_complaint(&browser).await;
}

#[tokio::test]
async fn what_is_searched_for_is_left_in_the_menu_and_on_the_page() {
    let (stage, browser) = (Stage::start(&[]).await, Browser::start(DESK).await);
    browser.open(&stage.page("/docs")).await;
    browser.type_into("input[type=search]", "sms-codes").await;
    assert!(browser.sees("#send_code").await && !browser.sees("#read_page").await);
    assert!(!browser.sees("nav a[href='#read_page']").await);
}
