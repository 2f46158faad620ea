//! A Chromium with a profile of its own, and what a person does with it.

use std::sync::Mutex;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use thirtyfour::{
    ChromiumLikeCapabilities, DesiredCapabilities, Key, LoggingPrefsLogLevel, WebDriver, WebElement,
    error::WebDriverResult,
};

use crate::{Area, Look, Picture, Smoothing, axe, chromium::Chromium, driver::Driver, eventually};

/// What is heard by every page before its own scripts run: see [`Browser::answers`] and [`Browser::streams`].
const WITNESS: &str = include_str!("witness.js");

/// jsQR 1.4.0 as its makers publish it (Apache-2.0, see the licence beside it).
const JSQR: &str = include_str!("../vendor/jsQR.js");

/// A browser that one test uses.
pub struct Browser {
    /// There until the browser is dropped, like the next two.
    web: Option<WebDriver>,
    driver: Option<Driver>,
    chromium: Option<Chromium>,
    /// What a new tab has to wear.
    look: Mutex<Look>,
}

impl Browser {
    /// Starts a browser.
    pub async fn start(look: Look) -> Self {
        Self::start_with(look, Smoothing::default()).await
    }

    /// Starts a browser that smooths letters in a way.
    pub async fn start_with(look: Look, smoothing: Smoothing) -> Self {
        let (driver, chromium) = (Driver::start().await, Chromium::take(smoothing).await);
        let mut wanted = DesiredCapabilities::chrome();
        wanted.set_debugger_address(&chromium.address).unwrap();
        wanted.set_logging_prefs("browser", LoggingPrefsLogLevel::All).unwrap();
        let web = WebDriver::new(&driver.url, wanted).await.expect("Chromium answers");
        let (driver, chromium) = (Some(driver), Some(chromium));
        let browser = Self { web: Some(web), driver, chromium, look: Mutex::new(look) };
        browser.begin_anew().await;
        browser.before_pages(WITNESS).await;
        browser.wear(look).await;
        browser
    }

    /// Leaves nothing of the test that used the browser before: no tab with its past, no cookie, no file, no complaint.
    async fn begin_anew(&self) {
        let old = self.web().windows().await.unwrap();
        let tab = self.web().new_tab().await.unwrap();
        for window in old {
            self.web().switch_to_window(window).await.unwrap();
            self.web().close_window().await.unwrap();
        }
        self.web().switch_to_window(tab).await.unwrap();
        self.tell("Storage.clearCookies", json!({})).await;
        self.tell("Network.clearBrowserCache", json!({})).await;
        self.complaints().await;
    }

    fn web(&self) -> &WebDriver {
        self.web.as_ref().expect("the browser runs")
    }

    /// Changes how this tab and the tabs to come are set up. A page sees another language once it is loaded
    /// again, all else at once.
    pub async fn wear(&self, look: Look) {
        *self.look.lock().unwrap() = look;
        let (width, height) = look.size;
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": look.scale, "mobile": false});
        self.tell("Emulation.setDeviceMetricsOverride", size).await;
        self.tell("Emulation.setTouchEmulationEnabled", json!({"enabled": look.touch})).await;
        // Some versions of Chromium show the focus of their first page only once it is clicked on.
        self.tell("Emulation.setFocusEmulationEnabled", json!({"enabled": true})).await;
        let features = json!([
            {"name": "prefers-color-scheme", "value": if look.dark { "dark" } else { "light" }},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.tell("Emulation.setEmulatedMedia", json!({"features": features})).await;
        let own = self.eval("return navigator.userAgent").await;
        let user_agent = look.user_agent.map_or(own, Value::from);
        let agent = json!({"userAgent": user_agent, "acceptLanguage": look.language});
        self.tell("Emulation.setUserAgentOverride", agent).await;
    }

    /// Lets a script run in every page of this tab from now on, before the page's own.
    pub async fn before_pages(&self, script: &str) {
        self.tell("Page.addScriptToEvaluateOnNewDocument", json!({"source": script})).await;
    }

    /// Forgets every cookie, and what this tab keeps for its page.
    pub async fn forget(&self) {
        self.tell("Network.clearBrowserCookies", json!({})).await;
        self.eval(
            "if (location.protocol.startsWith('http')) { sessionStorage.clear(); localStorage.clear() }",
        )
        .await;
    }

    /// Returns every cookie that the browser holds, those included that no script may read.
    pub async fn cookies(&self) -> Vec<Value> {
        let answer = self.tell("Storage.getCookies", json!({})).await;
        answer["cookies"].as_array().cloned().unwrap_or_default()
    }

    /// Returns everything that the page's script was answered since it was loaded: headers and bodies of
    /// calls, and the events of streams.
    pub async fn answers(&self) -> Vec<String> {
        let answers = self.eval("return witness.answers").await;
        answers.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    }

    /// Returns how many event streams the page holds open.
    pub async fn streams(&self) -> u64 {
        self.eval("return witness.streams").await.as_u64().unwrap()
    }

    /// Gives the browser an order of the Chrome `DevTools` protocol, and returns its answer.
    pub async fn tell(&self, order: &str, parameters: Value) -> Value {
        self.web().cdp().send_raw(order, parameters).await.unwrap_or_else(|error| panic!("{order}: {error}"))
    }

    /// Cuts the browser off from every server, or connects it again.
    pub async fn set_offline(&self, offline: bool) {
        self.tell("Network.enable", json!({})).await;
        let network =
            json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
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
        self.before_pages(WITNESS).await;
        let look = *self.look.lock().unwrap();
        self.wear(look).await;
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
        eventually(&format!("the page says {text:?}"), async || {
            self.text().await.contains(text).then_some(())
        })
        .await;
    }

    /// Returns what can be read on the page; where a line may break makes no difference.
    pub async fn text(&self) -> String {
        const TEXT: &str = "const text = (root) => [...root.children].map((node) => (node.innerText ?? '') + ' ' +
            [...node.querySelectorAll('*'), node].map((inner) => inner.shadowRoot ? text(inner.shadowRoot) : '').join(' ')).join(' ');
            return text(document)";
        self.eval(TEXT).await.as_str().unwrap_or_default().replace('\u{a0}', " ")
    }

    /// Clicks on an element, once it is there.
    pub async fn click(&self, selector: &str) {
        // It may be drawn anew between being found and being clicked.
        eventually(&format!("a click on {selector}"), async || {
            self.all(selector).await.ok()?.first()?.click().await.ok()
        })
        .await;
    }

    /// Goes into a frame, once it is there: what follows is done and seen in its page.
    pub async fn enter_frame(&self, selector: &str) {
        self.see(selector).await.enter_frame().await.unwrap();
    }

    /// Goes back to the page around every frame.
    pub async fn leave_frame(&self) {
        self.web().enter_default_frame().await.unwrap();
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

    /// Returns what jsQR, another decoder than [`Picture::qr_text`] has, reads in a picture.
    pub async fn qr_text_by_jsqr(&self, picture: &Picture) -> Option<String> {
        let (width, height, greys) = picture.greys();
        let read = format!(
            "{{ const greys = Uint8Array.from(atob('{}'), (c) => c.charCodeAt(0));
                const pixels = new Uint8ClampedArray(greys.length * 4);
                greys.forEach((grey, at) => pixels.set([grey, grey, grey, 255], at * 4));
                self.jsQR(pixels, {width}, {height})?.data ?? null }}",
            STANDARD.encode(greys)
        );
        axe::run_apart(self.web(), JSQR, &read).await.as_str().map(str::to_owned)
    }

    /// Returns where the elements are that a CSS selector finds, in pixels of a screenshot.
    pub async fn areas(&self, selector: &str) -> Vec<Area> {
        // In one go, so that nothing is drawn anew in between.
        const PLACES: &str = "const all = (root) => [...root.querySelectorAll(arguments[0]),
            ...[...root.querySelectorAll('*')].flatMap((node) => node.shadowRoot ? all(node.shadowRoot) : [])];
            return all(document).map((node) => node.getBoundingClientRect()).map((at) => [at.x, at.y, at.width, at.height])";
        let answer = self.web().execute(PLACES, vec![json!(selector)]).await.unwrap();
        let scale = f64::from(self.look.lock().unwrap().scale);
        let place = |value: &Value| [0, 1, 2, 3].map(|side| value[side].as_f64().unwrap());
        let places = answer.json().as_array().unwrap().iter().map(place);
        places.map(|[x, y, width, height]| Area::new(x, y, width, height, scale)).collect()
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
        // A polite end would block this thread until the driver has answered.
        if let Some(web) = self.web.take() {
            let _ = web.leak();
        }
        // Gone before another test can take the browser.
        self.driver = None;
        if let Some(chromium) = self.chromium.take() {
            chromium.leave();
        }
    }
}
