//! The relayed code (代扫盗号), played to its end beside the binary: the attacker's browser waits,
//! the victim scans and sees where it is.

use saoma_api::domain::ports::AuditKind;
use saoma_browser::{Browser, Look, Stage, eventually};
use saoma_testing::PlaceFile;
use serde_json::json;
use tempfile::NamedTempFile;
use thirtyfour::Key;

use crate::steps::{MING, open_login};

/// Where the attacker is, and where the victim is.
const THERE: &str = "203.0.113.9";
const HERE: &str = "198.51.100.1";

/// The phone of the sandbox on a screen of its own.
const DESK: Look =
    Look { language: "en", dark: false, size: (960, 900), scale: 1, user_agent: None, touch: false };

/// Two provinces, as an ip2region file has them.
pub(crate) fn places() -> NamedTempFile {
    let places = PlaceFile::ipv4()
        .range("198.51.100.0", "198.51.100.255", "中国|福建省|厦门市|电信|CN")
        .range("203.0.113.0", "203.0.113.255", "中国|广东省|深圳市|移动|CN");
    let file = tempfile::Builder::new().suffix(".xdb").tempfile().unwrap();
    std::fs::write(file.path(), places.bytes()).unwrap();
    file
}

/// Returns the configuration of a service that asks phones in a way, and knows both places.
pub(crate) fn asking<'a>(
    confirm: &'a str,
    elsewhere: &'a str,
    places: &'a NamedTempFile,
) -> [(&'a str, &'a str); 5] {
    [
        ("server.trusted_proxies", "127.0.0.1"),
        ("wechat.apps.0.confirm", confirm),
        ("wechat.apps.0.elsewhere", elsewhere),
        ("geo.file", places.path().to_str().unwrap()),
        ("page.site_name", "春风书店"),
    ]
}

/// Lets the calls of a browser's tab come from an address, as a trusted proxy names it.
pub(crate) async fn come_from(browser: &Browser, address: &str) {
    browser.tell("Network.enable", json!({})).await;
    browser.tell("Network.setExtraHTTPHeaders", json!({"headers": {"X-Forwarded-For": address}})).await;
}

/// An attacker whose browser waits, and the phone of the victim, who has scanned its code and opened the link in the chat.
struct Relayed {
    stage: Stage,
    attacker: Browser,
    phone: Browser,
    _places: NamedTempFile,
}

impl Relayed {
    async fn play(confirm: &str, elsewhere: &str) -> Self {
        let places = places();
        let stage = Stage::start_program(&asking(confirm, elsewhere, &places)).await;
        stage.known_person("ming", MING).await;
        let (attacker, phone) = (Browser::start(Look::default()).await, Browser::start(DESK).await);
        come_from(&attacker, THERE).await;
        open_login(&stage, &attacker).await;
        phone.open(&stage.sandbox.base_url()).await;
        phone.click("[id$=tab-scan]").await;
        phone.click(".codes li:not(.scanned) button.main").await;
        let link = eventually("the chat has a link", async || {
            let links = "return [...document.querySelectorAll('.bubble a')].map((link) => link.href)";
            let links = phone.eval(links).await;
            let mut links = links.as_array()?.iter().filter_map(|link| link.as_str());
            links.rfind(|link| link.contains("/c/")).map(str::to_owned)
        })
        .await;
        phone.new_tab().await;
        come_from(&phone, HERE).await;
        phone.open(&link).await;
        phone.read("Log in to").await;
        Self { stage, attacker, phone, _places: places }
    }

    /// Fails unless the attacker's browser has no session, and no login that leads to one.
    async fn attacker_has_nothing(&self) {
        let cookies = self.attacker.cookies().await;
        let sessions = cookies.iter().filter(|cookie| cookie["name"] == "saoma_session");
        assert_eq!(sessions.count(), 0, "{cookies:?}");
        let answer = self.attacker.eval("return fetch('/v1/session').then(({ status }) => status)").await;
        assert_eq!(answer, 401);
    }
}

#[tokio::test]
async fn the_victim_sees_another_place_and_refuses_with_one_tap() {
    let relayed = Relayed::play("click", "say").await;
    let Relayed { stage, attacker, phone, .. } = &relayed;
    attacker.read("Scanned").await;
    for told in ["广东 深圳 (203.0.113.9)", "in a different place and on a different network from this phone"]
    {
        phone.read(told).await;
    }
    phone.check_accessibility().await;
    phone.click("button[value=no]").await;
    phone.read("No one was logged in").await;

    attacker.read("The login was refused on the phone").await;
    relayed.attacker_has_nothing().await;
    assert_eq!(
        stage.trail(AuditKind::LoginRefused).await,
        [("refused_on_phone".to_owned(), THERE.to_owned())]
    );
    attacker.reload().await;
    attacker.read("Too many tries").await;
    assert!(!attacker.sees(".code").await, "its address gets no new code");
    eventually("it is noticed", async || {
        let signs = stage.trail(AuditKind::LoginSuspected).await;
        signs.contains(&("tried_again".to_owned(), THERE.to_owned())).then_some(())
    })
    .await;
    // The victim's own browser is not refused.
    let own = Browser::start(Look::default()).await;
    come_from(&own, HERE).await;
    open_login(stage, &own).await;
}

#[tokio::test]
async fn the_victim_cannot_let_the_attacker_in_without_the_digits_on_the_attackers_screen() {
    let relayed = Relayed::play("number", "say").await;
    let Relayed { stage, attacker, phone, .. } = &relayed;
    let digits = attacker.see(".digits").await.text().await.unwrap();
    let wrong = if digits.trim() == "47" { "74" } else { "47" };
    phone.click("button[value=yes]").await;
    assert!(phone.sees("input[name=number]:invalid").await, "the form goes nowhere without digits");
    for tries_left in ["Tries left: 2", "Tries left: 1"] {
        phone.type_into("input[name=number]", wrong).await;
        phone.click("button[value=yes]").await;
        phone.read(tries_left).await;
        relayed.attacker_has_nothing().await;
    }
    phone.type_into("input[name=number]", wrong).await;
    phone.click("button[value=yes]").await;
    phone.read("Refused").await;
    attacker.read("The login was refused on the phone").await;
    relayed.attacker_has_nothing().await;
    assert_eq!(stage.trail(AuditKind::LoginRefused).await, [("wrong_numbers".to_owned(), THERE.to_owned())]);
}

#[tokio::test]
async fn a_victim_in_another_place_is_asked_for_the_digits_after_all() {
    let relayed = Relayed::play("click", "number").await;
    let Relayed { attacker, phone, .. } = &relayed;
    assert!(!attacker.sees(".digits").await);
    phone.click("button[value=yes]").await;
    phone.read("The device now shows two digits").await;
    let digits = attacker.see(".digits").await.text().await.unwrap();
    relayed.attacker_has_nothing().await;
    // Here it is the person's own browser, which they look at.
    phone.type_into("input[name=number]", digits.trim()).await;
    phone.press(&[Key::Enter]).await;
    phone.read("Confirmed").await;
    attacker.read("You are logged in").await;
}
