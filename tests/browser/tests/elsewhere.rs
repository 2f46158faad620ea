//! The component in a plain page of another origin.

use saoma_browser::{Browser, Look, Site, Stage, eventually};

use crate::steps::{MING, ask_for_sms, log_in_with, no_complaint, scan};

fn page(service: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><title>A shop</title><main><h1>A shop</h1>
        <script type=\"module\" src=\"{service}/saoma.js\"></script>
        <saoma-login channel=\"official_account\" purpose=\"shop\"></saoma-login></main>"
    )
}

#[tokio::test]
async fn a_plain_page_of_another_origin_logs_in_and_out() {
    let mut site = Site::reserve().await;
    let stage = Stage::start(&[("server.allowed_origins", &site.url)]).await;
    site.serve(page(&stage.url));
    let browser = Browser::start(Look::default()).await;
    browser
        .before_pages(
            "window.heard = []; for (const name of ['state', 'login', 'error'])
                addEventListener(`saoma:${name}`, ({ detail }) => heard.push([name, detail.state ?? detail.code ?? detail.phone]))",
        )
        .await;
    browser.open(&site.url).await;
    browser.see(".code").await;
    assert_eq!(browser.picture().await.qr_text(), Some(stage.newest_code()));
    browser.check_accessibility().await;

    let person = stage.person("ming", MING);
    scan(&stage, &person).await;
    let code = ask_for_sms(&browser, &person).await;
    log_in_with(&browser, &code).await;
    browser.read("You are logged in").await;
    let heard = "return heard.some(([name, what]) => name === 'login' && what === '138****8001')";
    eventually("the page hears of it", async || (browser.eval(heard).await == true).then_some(())).await;
    browser.click(".out").await;
    browser.see(".code").await;
    no_complaint(&browser).await;
}

#[tokio::test]
async fn a_site_that_is_not_allowed_gets_nothing() {
    let mut site = Site::reserve().await;
    let stage = Stage::start(&[]).await;
    site.serve(page(&stage.url));
    let browser = Browser::start(Look::default()).await;
    browser.open(&site.url).await;
    browser.read("No connection to the server").await;
    let answers = browser.answers().await;
    assert!(answers.iter().all(String::is_empty), "what no script can read: {answers:?}");
}
