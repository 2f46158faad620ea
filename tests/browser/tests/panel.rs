//! WeChat's own login panel in a frame: inside the component, and by WeChat's script on a page of the site's own.

use saoma_browser::{Browser, Look, Site, Stage, eventually};

use crate::steps::{MING, decide, no_complaint};

/// Opens a page of another origin that the service knows, in the browser of a person who has an account.
async fn page_with(body: impl FnOnce(&Stage) -> String) -> (Stage, Site, Browser) {
    let mut site = Site::reserve().await;
    let known = [("server.allowed_origins", site.url.as_str()), ("login.return_to_allowed", &site.url)];
    let stage = Stage::start(&known).await;
    stage.known_person("ming", MING).await;
    site.serve(format!(
        "<!doctype html><html lang=en><title>A shop</title><main><h1>A shop</h1>{}</main>",
        body(&stage)
    ));
    let browser = Browser::start(Look::default()).await;
    browser.open(&site.url).await;
    (stage, site, browser)
}

#[tokio::test]
async fn the_panel_inside_the_component_logs_in_and_leads_back_to_the_page() {
    let (_stage, site, browser) = page_with(|stage| {
        format!(
            "<script type=module src={0}/saoma.js></script>
            <saoma-login api={0}/ channel=website panel='stylelite=1 fast_login=0'></saoma-login>",
            stage.url
        )
    })
    .await;
    let source = browser.see("iframe.wechat").await.attr("src").await.unwrap().unwrap();
    for option in ["login_type=jssdk", "stylelite=1", "fast_login=0", "self_redirect=false", "style=black"] {
        assert!(source.contains(option), "{option} of {source}");
    }
    browser.check_accessibility().await;
    // It asks the frame of another origin, too.
    browser.complaints().await;
    browser.enter_frame("iframe.wechat").await;
    decide(&browser, "#allow").await;
    browser.leave_frame().await;
    browser.read("You are logged in").await;
    assert!(browser.url().await.starts_with(&site.url), "it is the page of before");
    no_complaint(&browser).await;
}

#[tokio::test]
async fn who_refuses_in_the_panel_is_told_so() {
    let (_stage, _site, browser) = page_with(|stage| {
        format!(
            "<script type=module src={0}/saoma.js></script>
            <saoma-login api={0}/ channel=website panel></saoma-login>",
            stage.url
        )
    })
    .await;
    browser.enter_frame("iframe.wechat").await;
    decide(&browser, "#refuse").await;
    browser.leave_frame().await;
    browser.see(".alert").await;
    assert!(browser.url().await.contains("/login"), "the service's own page says what happened");
}

#[tokio::test]
async fn a_page_of_a_sites_own_hands_what_the_service_answered_to_wechats_script() {
    let (stage, site, browser) = page_with(|stage| {
        format!(
            "<div id=here></div><script src={}/connect/zh_CN/htmledition/js/wxLogin.js></script>
            <script type=module>
                const body = JSON.stringify({{ channel: 'website', return_to: location.href }});
                const headers = {{ 'Content-Type': 'application/json' }};
                const started = await fetch('{}/v1/logins', {{ method: 'POST', credentials: 'include', headers, body }});
                const {{ wx_login: wx }} = await started.json();
                const redirect_uri = encodeURIComponent(wx.redirect_uri);
                new WxLogin({{ ...wx, redirect_uri, id: 'here', self_redirect: false, stylelite: 1, fast_login: 0 }});
            </script>",
            stage.sandbox.base_url(),
            stage.url
        )
    })
    .await;
    let login = browser.see("iframe").await.attr("src").await.unwrap();
    browser.enter_frame("iframe").await;
    decide(&browser, "#allow").await;
    browser.leave_frame().await;
    // Back on its page, there is a frame for another login.
    let is_back = async || {
        let source = browser.see("iframe").await.attr("src").await.ok()?;
        (source != login).then_some(())
    };
    eventually("the page of before", is_back).await;
    assert!(browser.url().await.starts_with(&site.url));
    browser.open(&stage.page("/account")).await;
    browser.read("138****8001").await;
}
