//! The phone page of the simulated WeChat, screen by screen.

use saoma_browser::{Browser, Look, Stage, eventually};

use crate::steps::{MING, click_door, no_complaint, open_login};

/// What is different in every run: codes, times, addresses.
const CHANGING: &str =
    "img.qr, time, progress, .left, .small, [id$=clock], strong.code, input, .bubble, .banner, .lead";

const DESK: Look =
    Look { language: "en", dark: false, size: (960, 900), scale: 1, user_agent: None, touch: false };

async fn look_at(browser: &Browser, screen: &str) {
    for (look, set_up) in [
        ("light", DESK),
        ("dark", Look { dark: true, ..DESK }),
        ("narrow", Look { size: (320, 720), ..DESK }),
        ("zoomed", Look { size: (480, 450), scale: 2, ..DESK }),
    ] {
        browser.wear(set_up).await;
        let name = format!("phone-{screen}-{look}");
        eventually(&format!("{name} is drawn"), async || browser.sees(".phone").await.then_some(())).await;
        browser.check_accessibility().await;
        let sideways = browser.eval("return document.documentElement.scrollWidth - innerWidth").await;
        assert!(sideways.as_i64().is_some_and(|over| over <= 0), "{name} is {sideways} pixels too wide");
        browser.eval("scrollTo(0, 0)").await;
        let changing = browser.areas(CHANGING).await;
        browser.picture().await.without(&changing).compare(&name);
    }
    browser.wear(DESK).await;
}

#[tokio::test]
async fn every_screen_of_the_phone_is_open_to_everybody() {
    let stage = Stage::start(&[]).await;
    stage.person("ming", MING);
    let (page, phone) = (Browser::start(Look::default()).await, Browser::start(DESK).await);
    open_login(&stage, &page).await;
    page.new_tab().await;
    open_login(&stage, &page).await;
    click_door(&page).await;
    page.read("Log in to site").await;

    phone.open(&stage.sandbox.base_url()).await;
    phone.see("[id$=asked] button").await;
    look_at(&phone, "scan").await;
    phone.click("[id$=asked] button").await;
    phone.see(".sheet").await;
    look_at(&phone, "question").await;
    phone.click("[id$=later]").await;
    phone.click("[id$=codes] button").await;
    phone.see("[id$=profile-yes]").await;
    look_at(&phone, "follow").await;
    phone.click("[id$=profile-yes]").await;
    phone.see(".bubble").await;
    look_at(&phone, "chat").await;

    phone.click("[id$=tab-mini]").await;
    phone.see(".tile").await;
    look_at(&phone, "mini").await;
    phone.click(".tile").await;
    phone.see(".program-result").await;
    no_complaint(&phone).await;
}
