//! A Chromium with a profile of its own, and what a person does with it.

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    ChromiumLikeCapabilities, DesiredCapabilities, Key, LoggingPrefsLogLevel, WebDriver, WebElement,
    error::WebDriverResult,
};

use crate::{Picture, axe, driver::{Driver, chromium}, eventually};

/// How a browser is set up.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The language that its person reads, such as `zh-CN`.
    pub language: &'static str,
    /// Whether they like it dark.
    pub dark: bool,
    /// How wide and high its window is, in CSS pixels.
    pub size: (u32, u32),
    /// What it calls itself, if not Chromium.
    pub user_agent: Option<&'static str>,
}

impl Default for Look {
    fn default() -> Self {
        Self { language: "en", dark: false, size: (1024, 768), user_agent: None }
    }
}

/// A running browser.
pub struct Browser {
    /// There until the browser is dropped.
    web: Option<WebDriver>,
    _driver: Driver,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser.
    pub async fn start(look: Look) -> Self {
        let (driver, profile) = (Driver::start().await, tempfile::tempdir().unwrap());
        let mut wanted = DesiredCapabilities::chrome();
        wanted.set_binary(chromium().to_str().unwrap()).unwrap();
        let flags = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--force-color-profile=srgb",
        ];
        for flag in flags {
            wanted.add_arg(flag).unwrap();
        }
        wanted.add_arg(&format!("--user-data-dir={}", profile.path().display())).unwrap();
        wanted.add_arg(&format!("--lang={}", look.language)).unwrap();
        wanted.set_logging_prefs("browser", LoggingPrefsLogLevel::All).unwrap();
        let web = WebDriver::new(&driver.url, wanted).await.expect("Chromium starts");
        let browser = Self { web: Some(web), _driver: driver, _profile: profile };
        browser.wear(look).await;
        browser
    }

    fn web(&self) -> &WebDriver {
        self.web.as_ref().expect("the browser runs")
    }

    async fn wear(&self, look: Look) {
        let (width, height) = look.size;
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.tell("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = if look.dark { "dark" } else { "light" };
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.tell("Emulation.setEmulatedMedia", json!({"features": features})).await;
        let own = self.eval("return navigator.userAgent").await;
        let user_agent = look.user_agent.map_or(own, Value::from);
        let agent = json!({"userAgent": user_agent, "acceptLanguage": look.language});
        self.tell("Emulation.setUserAgentOverride", agent).await;
    }

    /// Gives an order of the DevTools protocol, and returns its answer.
    pub async fn tell(&self, order: &str, parameters: Value) -> Value {
        self.web().cdp().send_raw(order, parameters).await.unwrap_or_else(|error| panic!("{order}: {error}"))
    }

    /// Cuts the browser off from every server, or connects it again.
    pub async fn set_offline(&self, offline: bool) {
        self.tell("Network.enable", json!({})).await;
        let network = json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.tell("Network.emulateNetworkConditions", network).await;
    }

    /// Opens an address.
    pub async fn open(&self, url: &str) {
        self.web().goto(url).await.unwrap();
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.web().refresh().await.unwrap();
    }

    /// Goes a page back.
    pub async fn back(&self) {
        self.web().back().await.unwrap();
    }

    /// Returns the address of the page.
    pub async fn url(&self) -> String {
        self.web().current_url().await.unwrap().to_string()
    }

    /// Opens another tab and goes there; [`Browser::to_tab`] leads back.
    pub async fn new_tab(&self) {
        let tab = self.web().new_tab().await.unwrap();
        self.web().switch_to_window(tab).await.unwrap();
    }

    /// Goes to a tab, counted from 0 in the order in which they were opened.
    pub async fn to_tab(&self, number: usize) {
        let tabs = self.web().windows().await.unwrap();
        self.web().switch_to_window(tabs[number].clone()).await.unwrap();
    }

    /// Runs a script in the page and returns what it returns.
    pub async fn eval(&self, script: &str) -> Value {
        self.web().execute(script, Vec::new()).await.unwrap().json().clone()
    }

    /// Returns the elements that a CSS selector finds, those inside of web components included.
    async fn all(&self, selector: &str) -> WebDriverResult<Vec<WebElement>> {
        const FIND: &str = "const all = (root) => [...root.querySelectorAll(arguments[0]),
            ...[...root.querySelectorAll('*')].flatMap((node) => node.shadowRoot ? all(node.shadowRoot) : [])];
            return all(document).filter((node) => node.checkVisibility())";
        self.web().execute(FIND, vec![json!(selector)]).await?.elements()
    }

    /// Waits for an element that can be seen, by a CSS selector, and returns it.
    pub async fn see(&self, selector: &str) -> WebElement {
        eventually(selector, async || self.all(selector).await.ok()?.into_iter().next()).await
    }

    /// Returns whether an element can be seen at the moment.
    pub async fn sees(&self, selector: &str) -> bool {
        self.all(selector).await.is_ok_and(|found| !found.is_empty())
    }

    /// Waits until the page, its web components included, has a text that can be seen.
    pub async fn read(&self, text: &str) {
        eventually(&format!("the page says {text:?}"), async || self.text().await.contains(text).then_some(())).await;
    }

    /// Returns what can be read on the page.
    pub async fn text(&self) -> String {
        const TEXT: &str = "const text = (root) => [...root.children].map((node) => (node.innerText ?? '') + ' ' +
            [...node.querySelectorAll('*'), node].map((inner) => inner.shadowRoot ? text(inner.shadowRoot) : '').join(' ')).join(' ');
            return text(document)";
        self.eval(TEXT).await.as_str().unwrap_or_default().to_owned()
    }

    /// Clicks on an element, once it is there.
    pub async fn click(&self, selector: &str) {
        // It may be drawn anew between being found and being clicked.
        eventually(&format!("a click on {selector}"), async || {
            self.all(selector).await.ok()?.first()?.click().await.ok()
        })
        .await;
    }

    /// Types into an element, once it is there.
    pub async fn type_into(&self, selector: &str, text: &str) {
        self.see(selector).await.send_keys(text).await.unwrap();
    }

    /// Presses keys, wherever the focus is.
    pub async fn press(&self, keys: &[Key]) {
        for key in keys {
            self.web().action_chain().send_keys(key.clone()).perform().await.unwrap();
        }
    }

    /// Types on the keyboard, wherever the focus is.
    pub async fn type_keys(&self, text: &str) {
        self.web().action_chain().send_keys(text).perform().await.unwrap();
    }

    /// Takes a screenshot of what can be seen.
    pub async fn picture(&self) -> Picture {
        Picture::read(self.web().screenshot_as_png().await.unwrap())
    }

    /// Fails if axe-core finds anything wrong with the page as it is now.
    pub async fn check_accessibility(&self) {
        let found = axe::violations(self.web()).await;
        assert!(found.is_empty(), "axe-core: {found:#?}");
    }

    /// Returns what the page complained about in the console since this was asked last: errors of its
    /// scripts, and what its Content-Security-Policy stopped. That an answer was no success is no complaint.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.web().browser_log().await.unwrap();
        let messages = log.into_iter().map(|entry| entry.message);
        messages.filter(|message| !message.contains("Failed to load resource")).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Killed with its driver; a polite end would block this thread until the driver has answered.
        if let Some(web) = self.web.take() {
            let _ = web.leak();
        }
    }
}
