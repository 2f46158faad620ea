//! From the QR code to "logged in" and out again.

use saoma_browser::{Browser, Look, Stage};

#[tokio::test]
async fn the_qr_code_on_the_screen_is_the_url_that_wechat_gave() {
    let stage = Stage::start(&[]).await;
    let browser = Browser::start(Look::default()).await;
    browser.open(&stage.page("/login")).await;
    browser.see("img, svg").await;
    let shown = browser.picture().await.qr_text();
    assert_eq!(shown.as_ref(), stage.sandbox.qr_codes().first().map(|code| &code.url));
    browser.check_accessibility().await;
    println!("{}", browser.text().await);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}
