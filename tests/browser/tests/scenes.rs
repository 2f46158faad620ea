//! The login page on its way into a state, and a look at it there.

use saoma_browser::{Browser, Look, Picture, Stage};
use saoma_sandbox::Person;

use crate::steps::{HONG, LAN, MING, open_login};

/// What is different in every run: QR codes, countdowns, the caret's place.
const CHANGING: &str =
    ".qr .code, [role=timer], .send, .notice [role=timer], .request, .entry .quiet, input.link";

/// Finds what is to be touched and lower or narrower than a finger: 44 pixels. Links inside a sentence are as high as it is.
const SMALL: &str = "const all = (root) => [...root.querySelectorAll('a, button, input, summary, [role=option], label:has(input)'),
    ...[...root.querySelectorAll('*')].flatMap((node) => node.shadowRoot ? all(node.shadowRoot) : [])];
    const isPart = (node) => node.matches('input[type=checkbox]') || node.closest('label, p:not(.footer)') && node.matches('a');
    return all(document).filter((node) => node.checkVisibility() && !isPart(node))
        .map((node) => [node, node.getBoundingClientRect()])
        .filter(([, { width, height }]) => width < 44 || height < 43.5)
        .map(([node, { width, height }]) => `${node.localName}.${node.className} ${width} x ${height}`)";

/// Scrolls to where the person is: at the top, or at the help that they have opened.
const TO_THE_PERSON: &str = "const [inner] = document.querySelectorAll('saoma-login, saoma-user');
    scrollTo(0, inner?.shadowRoot.querySelector('details[open]') ? document.body.scrollHeight : 0)";

/// A browser on its way into a state.
pub(crate) struct Scene<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) browser: &'a Browser,
    pub(crate) language: &'static str,
}

impl Scene<'_> {
    pub(crate) async fn open(&self) {
        open_login(self.stage, self.browser).await;
    }

    /// Opens the page where no code can come.
    pub(crate) async fn open_without_code(&self, wait_for: &str) {
        self.browser.open(&self.stage.page("/login")).await;
        self.browser.see(wait_for).await;
    }

    /// Returns somebody who was not here before.
    pub(crate) fn newcomer(&self) -> Person {
        let (name, phone) = match self.language {
            "en" => ("ming", MING),
            "zh-CN" => ("hong", HONG),
            _ => ("lan", LAN),
        };
        self.stage.person(name, phone)
    }

    /// Goes on to the phone form.
    pub(crate) async fn scan_as_newcomer(&self) -> Person {
        self.open().await;
        let person = self.newcomer();
        person.scan(&self.stage.newest_code()).await.unwrap();
        self.browser.see("form").await;
        person
    }
}

/// Brings the page into a state and looks at it in every way.
pub(crate) async fn in_every_look(
    state: &str,
    settings: &[(&str, &str)],
    script: &str,
    bring: impl AsyncFn(&Scene<'_>),
) {
    in_every_look_of(Look::default(), state, settings, script, bring).await;
}

/// Does the same in the browser of somebody who has another one than most.
pub(crate) async fn in_every_look_of(
    usual: Look,
    state: &str,
    settings: &[(&str, &str)],
    script: &str,
    bring: impl AsyncFn(&Scene<'_>),
) {
    let (stage, browser) = (Stage::start(settings).await, Browser::start(usual).await);
    browser.before_pages(script).await;
    for (language, short) in [("en", "en"), ("zh-CN", "zh"), ("zh-TW", "tw")] {
        let own = Look { language, ..usual };
        browser.wear(own).await;
        bring(&Scene { stage: &stage, browser: &browser, language }).await;
        for (look, set_up) in own.all() {
            browser.wear(set_up).await;
            look_at(&browser, &format!("{state}-{short}-{look}"), CHANGING).await;
        }
        // What the page asks meanwhile must not find that its cookies are gone.
        browser.set_offline(true).await;
        browser.forget().await;
        browser.open("about:blank").await;
        browser.set_offline(false).await;
    }
    let complaints = browser.complaints().await;
    assert_eq!(complaints, Vec::<String>::new());
}

/// Looks at the page as it is, without what `changing` finds.
pub(crate) async fn look_at(browser: &Browser, name: &str, changing: &str) {
    browser.check_accessibility().await;
    let sideways = browser.eval("return document.documentElement.scrollWidth - innerWidth").await;
    assert!(sideways.as_i64().is_some_and(|over| over <= 0), "{name} is {sideways} pixels too wide");
    if name.ends_with("touch") {
        assert_eq!(
            browser.eval(SMALL).await.as_array().map(Vec::len),
            Some(0),
            "{name}: {}",
            browser.eval(SMALL).await
        );
    }
    // The part that the person is at: the rest is a scroll away.
    browser.eval(TO_THE_PERSON).await;
    let changing = browser.areas(changing).await;
    browser.picture().await.without(&changing).compare(name);
}

/// Takes a picture of the page, without what is different in every run.
pub(crate) async fn picture(browser: &Browser) -> Picture {
    let changing = browser.areas(CHANGING).await;
    browser.picture().await.without(&changing)
}
