//! Every screen of the phone that is asked: `/c/…` and `/n/…`.

use saoma_browser::{Browser, Look, Stage, eventually, link_in};
use saoma_sandbox::Person;
use serde_json::Value;
use tempfile::NamedTempFile;

use crate::{
    relayed::{asking, come_from, places},
    scenes::look_at,
    steps::{HONG, LAN, MING, no_complaint},
};

/// Where the client of these screens is, and two phones.
const CLIENT: &str = "127.0.0.1";
const ELSEWHERE: &str = "198.51.100.1";

/// Another phone, of which it is not known where it is.
const SOMEWHERE: &str = "192.0.2.200";

/// What is different in every run: the time.
const CHANGING: &str = "dl div:nth-last-child(2) dd";

/// A phone on which links of the chat are opened.
struct Phone {
    stage: Stage,
    browser: Browser,
    language: &'static str,
    _places: NamedTempFile,
}

impl Phone {
    async fn start(language: &'static str, confirm: &str, elsewhere: &str) -> Self {
        let places = places();
        let stage = Stage::start(&asking(confirm, elsewhere, &places)).await;
        let look = Look { language, ..Look::inside_wechat() };
        let browser = Browser::start(look).await;
        come_from(&browser, CLIENT).await;
        Self { stage, browser, language, _places: places }
    }

    /// Has a person scan a code of a client at an address, and returns the link of the kind that the chat has.
    async fn scan_from(&self, address: &str, person: &Person) -> String {
        self.scan(&self.stage.device_login(address).await, person).await
    }

    async fn scan(&self, login: &Value, person: &Person) -> String {
        let scanned =
            person.scan(login.pointer("/qr/content").and_then(Value::as_str).unwrap()).await.unwrap();
        link_in(scanned.reply().unwrap()).unwrap().to_owned()
    }

    /// Opens the link to a login as a person whom WeChat asks first.
    async fn open_login(&self, login: &Value, person: &Person) {
        let id = login["id"].as_str().unwrap();
        self.browser
            .open(&self.stage.page(&format!("/v1/oauth/authorize?channel=in_wechat&login={id}")))
            .await;
        let back = person.allow(&self.browser.url().await).unwrap();
        self.open(back.as_str()).await;
    }

    async fn open(&self, link: &str) {
        self.browser.open(link).await;
        self.browser.see("h1").await;
    }

    /// Taps, and waits for the page that answers.
    async fn tap(&self, answer: &str) {
        self.browser.eval("window.before = true").await;
        self.browser.click(&format!("button[value={answer}]")).await;
        eventually("another page", async || {
            (self.browser.eval("return window.before ?? false").await == false).then_some(())
        })
        .await;
    }

    async fn enter(&self, number: &str) {
        self.browser.type_into("input[name=number]", number).await;
        self.tap("yes").await;
    }

    /// Looks at a screen in every way, with large letters, too.
    async fn look(&self, screen: &str) {
        let short = if self.language == "en" { "en" } else { "zh" };
        let own = Look { language: self.language, ..Look::inside_wechat() };
        for (look, set_up) in own.all() {
            self.browser.wear(set_up).await;
            look_at(&self.browser, &format!("asked-{screen}-{short}-{look}"), CHANGING).await;
        }
        self.browser.wear(own).await;
        self.browser.eval("document.documentElement.style.fontSize = '28px'").await;
        look_at(&self.browser, &format!("asked-{screen}-{short}-large"), CHANGING).await;
        self.browser.eval("document.documentElement.style.fontSize = ''").await;
    }
}

#[tokio::test]
async fn every_screen_of_a_question_is_looked_at() {
    for language in ["en", "zh-CN"] {
        let phone = Phone::start(language, "click", "say").await;
        let (ming, hong) = (phone.stage.known_person("ming", MING).await, phone.stage.person("hong", HONG));
        let link = phone.scan_from(CLIENT, &ming).await;
        phone.open(&link).await;
        phone.look("question").await;
        phone.tap("yes").await;
        phone.browser.see(".done").await;
        phone.look("done").await;
        phone.open(&link).await;
        phone.look("done-before").await;
        let far = phone.scan_from("203.0.113.9", &ming).await;
        come_from(&phone.browser, ELSEWHERE).await;
        phone.open(&far).await;
        phone.browser.see(".far").await;
        phone.look("elsewhere").await;
        come_from(&phone.browser, SOMEWHERE).await;
        phone.open(&far).await;
        phone.look("far").await;
        phone.tap("no").await;
        phone.browser.see(".stopped").await;
        phone.look("refused").await;
        phone.open(&far).await;
        phone.look("refused-before").await;
        let given_up = phone.stage.device_login("192.0.2.2").await;
        let link = phone.scan(&given_up, &ming).await;
        phone.stage.cancel(&given_up).await;
        phone.open(&link).await;
        phone.look("over").await;
        phone.open(&format!("{far}x")).await;
        phone.look("no-link").await;
        let new = phone.scan_from("192.0.2.1", &hong).await;
        phone.open(&new).await;
        phone.tap("yes").await;
        phone.browser.see(".done").await;
        phone.look("go-on").await;
        no_complaint(&phone.browser).await;
    }
}

#[tokio::test]
async fn every_screen_of_the_digits_is_looked_at() {
    for language in ["en", "zh-CN"] {
        let phone = Phone::start(language, "number", "refuse").await;
        let ming = phone.stage.known_person("ming", MING).await;
        let link = phone.scan_from(CLIENT, &ming).await;
        phone.open(&link).await;
        phone.look("number").await;
        // No number is below 10.
        phone.enter("01").await;
        phone.browser.see(".wrong").await;
        phone.look("wrong-number").await;
        for _ in 0..2 {
            phone.enter("01").await;
        }
        phone.browser.see(".stopped").await;
        let far = phone.scan_from("203.0.113.9", &ming).await;
        come_from(&phone.browser, ELSEWHERE).await;
        phone.open(&far).await;
        phone.enter("47").await;
        phone.browser.see(".told").await;
        phone.look("refused-elsewhere").await;
        no_complaint(&phone.browser).await;
    }
}

#[tokio::test]
async fn the_digits_are_asked_for_after_a_tap_from_elsewhere() {
    for language in ["en", "zh-CN"] {
        let phone = Phone::start(language, "click", "number").await;
        let ming = phone.stage.known_person("ming", MING).await;
        let far = phone.scan_from("203.0.113.9", &ming).await;
        come_from(&phone.browser, ELSEWHERE).await;
        phone.open(&far).await;
        phone.tap("yes").await;
        phone.browser.see(".wrong").await;
        phone.look("digits-first").await;
        no_complaint(&phone.browser).await;
    }
}

#[tokio::test]
async fn what_changed_between_scan_and_tap_has_its_screens() {
    for language in ["en", "zh-CN"] {
        let mut phone = Phone::start(language, "click", "say").await;
        let (ming, hong) = (phone.stage.known_person("ming", MING).await, phone.stage.person("hong", HONG));
        let (known, new) = (phone.scan_from(CLIENT, &ming).await, phone.scan_from(CLIENT, &hong).await);
        phone.open(&known).await;
        phone.stage.disable(MING).await;
        phone.tap("yes").await;
        phone.look("not-admitted").await;
        phone.open(&new).await;
        // Without a number, the tap alone would make an account.
        phone.stage.change("login.phone", "off").await;
        phone.stage.change("login.registration", "closed").await;
        phone.tap("yes").await;
        phone.look("registration-closed").await;
        no_complaint(&phone.browser).await;
    }
}

#[tokio::test]
async fn a_link_that_is_of_no_use_to_the_person_says_why() {
    for language in ["en", "zh-CN"] {
        let phone = Phone::start(language, "click", "say").await;
        let ming = phone.stage.known_person("ming", MING).await;
        let hong = phone.stage.known_person("hong", HONG).await;
        let login = phone.stage.device_login(CLIENT).await;
        phone.scan(&login, &ming).await;
        phone.open_login(&login, &hong).await;
        phone.look("taken").await;
        let adding = phone.stage.adding_login(&ming).await;
        phone.open_login(&adding, &hong).await;
        phone.look("link-refused").await;
        no_complaint(&phone.browser).await;
    }
}

#[tokio::test]
async fn every_screen_of_not_me_is_looked_at() {
    for language in ["en", "zh-CN"] {
        let phone = Phone::start(language, "notify", "say").await;
        let ming = phone.stage.known_person("ming", MING).await;
        let link = phone.scan_from(CLIENT, &ming).await;
        phone.open(&link).await;
        phone.look("not-me").await;
        phone.browser.click(".end").await;
        phone.browser.see(".stopped").await;
        phone.look("disowned").await;
        let (lan, hong) = (phone.stage.person("lan", LAN), phone.stage.person("hong", HONG));
        let said = phone.stage.register(&lan, &hong).await;
        phone.open(link_in(&said).unwrap()).await;
        phone.browser.click(".end").await;
        phone.browser.see(".stopped").await;
        phone.look("unlinked").await;
        no_complaint(&phone.browser).await;
    }
}
