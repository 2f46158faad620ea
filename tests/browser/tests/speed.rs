//! How fast it is and what it weighs: figures for the run's last lines.

use saoma_browser::{Browser, Look, Stage, figure, link_in};

use crate::steps::{
    MING, at_the_login_page, log_out, logged_in_at, note_log_ins, open_login, print_times, scan,
};

const RUNS: usize = 50;

/// What `/login` may weigh with all its files, before compression.
const PAGE_LIMIT: u64 = 60 * 1024;

#[tokio::test]
async fn from_the_click_on_the_phone_to_logged_in_on_the_page() {
    let stage =
        Stage::start(&[("limits.logins_per_ip_burst", "0"), ("limits.logins_per_ip_per_min", "0")]).await;
    stage.known_person("ming", MING).await;
    let (page, phone) = (
        Browser::start(Look::default()).await,
        Browser::start(Look { size: (900, 900), ..Look::default() }).await,
    );
    // Both clocks are this machine's.
    note_log_ins(&page).await;
    phone.before_pages("addEventListener('click', ({ timeStamp }) => { window.clicked = performance.timeOrigin + timeStamp }, true)").await;
    open_login(&stage, &page).await;
    phone.open(&stage.sandbox.base_url()).await;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        phone.click("[id$=tab-scan]").await;
        phone.click(".codes li:not(.scanned) button.main").await;
        let logged_in = logged_in_at(&page).await;
        let clicked = phone.eval("return window.clicked").await.as_f64().unwrap();
        times.push(logged_in - clicked);
        log_out(&page).await;
    }
    print_times("from the click on the phone to \"logged in\"", times);
}

#[tokio::test]
async fn from_the_tap_on_the_phone_to_logged_in_on_the_page() {
    let settings = [
        ("limits.logins_per_ip_burst", "0"),
        ("limits.logins_per_ip_per_min", "0"),
        ("wechat.apps.0.confirm", "click"),
    ];
    let stage = Stage::start(&settings).await;
    let ming = stage.known_person("ming", MING).await;
    let (page, phone) = (Browser::start(Look::default()).await, Browser::start(Look::inside_wechat()).await);
    // Both clocks are this machine's.
    note_log_ins(&page).await;
    phone.before_pages("addEventListener('click', ({ timeStamp }) => { sessionStorage.clicked = performance.timeOrigin + timeStamp }, true)").await;
    open_login(&stage, &page).await;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let scanned = ming.scan(&stage.newest_code()).await.unwrap();
        phone.open(link_in(scanned.reply().unwrap()).unwrap()).await;
        phone.click("button[value=yes]").await;
        let logged_in = logged_in_at(&page).await;
        let clicked = phone.eval("return Number(sessionStorage.clicked)").await.as_f64().unwrap();
        times.push(logged_in - clicked);
        log_out(&page).await;
    }
    print_times("from the tap on the phone that is asked to \"logged in\"", times);
}

#[tokio::test]
async fn the_login_page_is_light() {
    let (stage, browser) = at_the_login_page(Look::default()).await;
    scan(&stage, &stage.person("ming", MING)).await;
    browser.see("form").await;
    const WEIGHTS: &str = "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .filter(({ name }) => !/\\/v1\\/|^data:/.test(name)).map(({ name, decodedBodySize }) => [new URL(name).pathname, decodedBodySize])";
    // The icon is asked for late, or by the browser for itself.
    let icon = browser
        .eval(
            "return fetch('/assets/favicon.svg').then((answer) => answer.text()).then((text) => text.length)",
        )
        .await;
    let weights = browser.eval(WEIGHTS).await;
    let mut files: std::collections::BTreeMap<String, u64> = weights
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry[0].as_str().unwrap().to_owned(), entry[1].as_u64().unwrap()))
        .collect();
    files.insert("/assets/favicon.svg".to_owned(), icon.as_u64().unwrap());
    assert!(files.len() > 20, "{files:?}");
    assert!(files.values().all(|weight| *weight > 0), "{files:?}");
    let all: u64 = files.values().sum();
    figure(&format!("/login weighs {all} bytes in {} files before compression: {files:?}", files.len()));
    assert!(all <= PAGE_LIMIT, "{all} bytes");
}

#[tokio::test]
async fn the_first_code_is_there_after_one_round_trip_to_the_api() {
    let (_stage, browser) = at_the_login_page(Look::default()).await;
    // Everything that was asked of the API before the answer with the code was there.
    const ROUND_TRIPS: &str =
        "const calls = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/v1/'));
        const code = calls.find(({ name }) => name.endsWith('/v1/logins'));
        const before = calls.filter((call) => call !== code && call.responseEnd < code.startTime);
        return [before.length, code.responseEnd - code.startTime, code.responseEnd]";
    let found = browser.eval(ROUND_TRIPS).await;
    assert_eq!(found[0], 0, "nothing has to be answered first");
    let [took, at] = [1, 2].map(|place| found[place].as_f64().unwrap());
    figure(&format!(
        "the first QR code is there after 1 round trip to the API: {took:.0} ms, {at:.0} ms after the page was asked for"
    ));
}
