//! The component as a guest in somebody's page: it leaves alone what is the page's, and gets by with less.

use saoma_browser::{Browser, Look, Site, Stage, eventually};

use crate::steps::{MING, at_the_login_page, no_complaint, scan};

/// Starts everything with a page of another origin, on which the component stands far below, and opens it.
async fn in_a_page(settings: &[(&str, &str)], attributes: &str, query: &str) -> (Stage, Site, Browser) {
    let mut site = Site::reserve().await;
    let mut all = vec![("server.allowed_origins", site.url.as_str())];
    all.extend(settings);
    let stage = Stage::start(&all).await;
    let service = &stage.url;
    site.serve(format!(
        "<!doctype html><html lang=\"fr\"><title>A shop</title><main><h1>A shop</h1>
        <script type=\"module\" src=\"{service}/saoma.js\"></script>
        <script type=\"module\" src=\"{service}/saoma.js?again\"></script>
        <p style=\"height: 3000px\">Much to read</p><saoma-login {attributes}></saoma-login></main>"
    ));
    let browser = Browser::start(Look::default()).await;
    browser.open(&format!("{}/{query}", site.url)).await;
    (stage, site, browser)
}

/// Returns what has the focus, and how far the page is scrolled.
async fn focus_and_scroll(browser: &Browser) -> String {
    let found = browser.eval("return `${document.activeElement.localName} ${scrollY}`").await;
    found.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_page_is_not_scrolled_and_keeps_the_focus_of_who_did_nothing() {
    let (_stage, _site, browser) = in_a_page(&[("login.qr_ttl_s", "1")], "", "").await;
    browser.read("This code has expired").await;
    assert_eq!(focus_and_scroll(&browser).await, "body 0");
}

#[tokio::test]
async fn who_scans_is_brought_to_the_number_and_who_comes_back_is_not() {
    let (stage, _site, browser) = in_a_page(&[], "", "").await;
    browser.see(".code").await;
    scan(&stage, &stage.person("ming", MING)).await;
    browser.see("form").await;
    assert_eq!(focus_and_scroll(&browser).await, "saoma-login 0");
    browser.reload().await;
    browser.see("form").await;
    assert_eq!(focus_and_scroll(&browser).await, "body 0");
}

#[tokio::test]
async fn a_module_that_is_loaded_twice_is_no_problem() {
    let (_stage, _site, browser) = in_a_page(&[], "", "").await;
    browser.see(".code").await;
    no_complaint(&browser).await;
}

#[tokio::test]
async fn an_error_in_the_address_that_is_not_of_a_login_is_the_pages_own() {
    let (_stage, site, browser) = in_a_page(&[], "", "?error=denied").await;
    browser.see(".code").await;
    assert_eq!(browser.url().await, format!("{}/?error=denied", site.url));
}

#[tokio::test]
async fn a_channel_that_cannot_be_offered_here_says_so() {
    let (_stage, _site, browser) = in_a_page(&[], "channel=in_wechat", "").await;
    browser.read("This way to log in is not set up here").await;
}

#[tokio::test]
async fn words_are_marked_with_their_language_not_with_the_pages() {
    let (_stage, _site, browser) = in_a_page(&[], "", "").await;
    browser.see(".code").await;
    let card = browser.see(".card").await;
    assert_eq!(card.prop("lang").await.unwrap().as_deref(), Some("en"));
}

#[tokio::test]
async fn without_storage_it_logs_in_all_the_same() {
    let (stage, browser) = (Stage::start(&[]).await, Browser::start(Look::default()).await);
    let person = stage.known_person("ming", MING).await;
    browser
        .before_pages("Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('', 'SecurityError') } })")
        .await;
    browser.open(&stage.page("/login")).await;
    browser.see(".code").await;
    scan(&stage, &person).await;
    browser.read("You are logged in").await;
    no_complaint(&browser).await;
}

#[tokio::test]
async fn the_page_hears_how_a_login_ended() {
    let (stage, browser) = at_the_login_page(Look::default()).await;
    browser
        .eval("window.ends = {}; addEventListener('saoma:state', ({ detail }) => { ends[detail.state] = detail })")
        .await;
    let end = async |state: &str| {
        let script = format!("return ends.{state} ?? null");
        eventually(state, async || Some(browser.eval(&script).await).filter(|end| !end.is_null())).await
    };
    scan(&stage, &stage.person("ming", MING)).await;
    browser.click(".cancel").await;
    let expired = end("expired").await;
    assert_eq!(expired["reason"], "cancelled");
    assert_eq!(expired["id"].as_str().map(str::len), Some(32), "{expired}");

    browser.click(".main").await;
    browser.see(".code").await;
    let shown = stage.newest_code();
    let person = stage.known_person("ming", MING).await;
    person.scan(&shown).await.unwrap();
    let registered = end("registered").await;
    assert_eq!(registered["id"].as_str().map(str::len), Some(32), "{registered}");
    assert!(registered["version"].as_u64() > Some(1) && registered["reason"].is_null(), "{registered}");
}
