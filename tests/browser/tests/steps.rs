//! What people do on the pages, again and again.

use saoma_browser::{Browser, Look, PATIENCE, Stage, eventually, figure};
use saoma_sandbox::Person;

/// The numbers of the people of the stories.
pub(crate) const MING: &str = "+8613800138001";
pub(crate) const HONG: &str = "+8613800138002";
pub(crate) const LAN: &str = "+8613800138003";

/// Starts everything and opens the login page, with its QR code.
pub(crate) async fn at_the_login_page(look: Look) -> (Stage, Browser) {
    let (stage, browser) = (Stage::start(&[]).await, Browser::start(look).await);
    open_login(&stage, &browser).await;
    (stage, browser)
}

/// Opens the login page and waits for the QR code.
pub(crate) async fn open_login(stage: &Stage, browser: &Browser) {
    browser.open(&stage.page("/login")).await;
    browser.see(".code").await;
}

/// Scans the newest code as this person.
pub(crate) async fn scan(stage: &Stage, person: &Person) {
    person.scan(&stage.newest_code()).await.unwrap();
}

/// Types the person's number into the phone form, asks for the code and returns the one that came.
pub(crate) async fn ask_for_sms(browser: &Browser, person: &Person) -> String {
    let before = person.sms().last().map_or(0, |sms| sms.id);
    browser.type_into("input[autocomplete=tel-national]", person.phone().trim_start_matches("+86")).await;
    browser.click(".send").await;
    person.next_sms(before, PATIENCE).await.unwrap().code
}

/// Takes the way through WeChat's own page.
pub(crate) async fn click_door(browser: &Browser) {
    browser.click(".tab.quick").await;
    browser.click(".door").await;
}

/// Answers WeChat's question on its page, once it knows who is asked.
pub(crate) async fn decide(browser: &Browser, button: &str) {
    browser.see("#people input:checked").await;
    browser.click(button).await;
}

/// Types a code from an SMS and sends the form.
pub(crate) async fn log_in_with(browser: &Browser, code: &str) {
    browser.type_into("input[autocomplete=one-time-code]", code).await;
    browser.click(".main").await;
}

/// Counts the calls of the page's script from now on.
pub(crate) async fn count_calls(browser: &Browser) {
    browser
        .eval("window.calls = 0; const { fetch } = window; window.fetch = (...args) => { calls += 1; return fetch(...args) }")
        .await;
}

/// Returns how many calls there were since they are counted.
pub(crate) async fn calls(browser: &Browser) -> u64 {
    browser.eval("return calls").await.as_u64().unwrap()
}

/// Returns what is in an input.
pub(crate) async fn value_of(browser: &Browser, autocomplete: &str) -> String {
    let input = browser.see(&format!("input[autocomplete={autocomplete}]")).await;
    input.prop("value").await.unwrap().unwrap_or_default()
}

/// Fails unless nothing on the page was stopped by its policy or went wrong in its scripts.
pub(crate) async fn no_complaint(browser: &Browser) {
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

/// Lets a page note when it was logged in.
pub(crate) async fn note_log_ins(page: &Browser) {
    page.before_pages("addEventListener('saoma:login', () => { window.loggedIn = performance.timeOrigin + performance.now() })").await;
}

/// Waits until a page is logged in, and returns when that was, in milliseconds since 1970.
pub(crate) async fn logged_in_at(page: &Browser) -> f64 {
    eventually("logged in", async || page.eval("return window.loggedIn").await.as_f64()).await
}

/// Logs a page out, and waits for its next code.
pub(crate) async fn log_out(page: &Browser) {
    page.eval("window.loggedIn = null").await;
    page.click(".out").await;
    page.see(".code").await;
}

/// Prints the median and the worst of times in milliseconds.
pub(crate) fn print_times(what: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let (runs, median) = (times.len(), times.get(times.len() / 2).unwrap());
    let (best, worst) = (times.first().unwrap(), times.last().unwrap());
    assert!(*best > 0.0, "the clocks agree");
    figure(&format!("{what}: median {median:.0} ms, worst {worst:.0} ms, {runs} runs"));
}
