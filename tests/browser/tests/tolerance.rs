//! What the comparison with the stored screenshots forgives and what it sees, on the real page.

use saoma_browser::{Browser, Look, Smoothing, Stage};

use crate::{scenes::picture, steps::open_login};

/// The texts of the component that can be seen and have a word to change.
const TEXTS: &str = "const seen = [];
    const walk = (node) => {
        if (node.nodeType === Node.TEXT_NODE && /\\p{L}{2}/u.test(node.data)) {
            const range = document.createRange();
            range.selectNode(node);
            const { width, bottom } = range.getBoundingClientRect();
            if (width > 8 && bottom < innerHeight) seen.push(node);
        }
        if (!node.matches?.('.unseen, [role=timer]')) node.childNodes.forEach(walk);
    };
    walk(document.querySelector('saoma-login').shadowRoot.querySelector('.card'));";

/// Opens the login page in each language and look, and goes on with the name of the stored picture of that.
async fn with_each_code(browser: &Browser, go_on: impl AsyncFn(&str)) {
    let stage = Stage::start(&[]).await;
    for language in ["en", "zh-CN"] {
        let own = Look { language, ..Look::default() };
        browser.wear(own).await;
        open_login(&stage, browser).await;
        browser.see("[role=timer]").await;
        for (look, set_up) in own.all() {
            browser.wear(set_up).await;
            go_on(&format!("code-{}-{look}", &language[..2])).await;
        }
        browser.forget().await;
    }
}

#[tokio::test]
async fn letters_smoothed_in_another_way_are_forgiven_and_another_page_is_not() {
    let browser = Browser::start_with(Look::default(), Smoothing::Subpixels).await;
    with_each_code(&browser, async |name| {
        let picture = picture(&browser).await;
        let differing = picture.looks_like(name).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(differing > 50, "{name}: the letters are smoothed as always");
        assert!(picture.looks_like(&name.replace("code", "wechat-away")).is_err(), "{name}");
    })
    .await;
}

#[tokio::test]
async fn letters_in_another_order_are_seen_in_every_text() {
    let browser = Browser::start(Look::default()).await;
    with_each_code(&browser, async |name| {
        let texts = browser.eval(&format!("{TEXTS} return seen.map((text) => text.data)")).await;
        let texts = texts.as_array().unwrap();
        assert!(!texts.is_empty(), "{name}");
        for (number, text) in texts.iter().enumerate() {
            let change = format!(
                "{TEXTS} const [first, ...others] = seen[{number}].data.match(/\\p{{L}}+/gu).sort((a, b) => b.length - a.length)[0];
                seen[{number}].data = seen[{number}].data.replace([first, ...others].join(''), [...others, first].join(''))"
            );
            browser.eval(&change).await;
            assert!(picture(&browser).await.looks_like(name).is_err(), "{name}: a word of {text}");
            browser.eval(&format!("{TEXTS} seen[{number}].data = {text}")).await;
        }
        assert!(picture(&browser).await.looks_like(name).is_ok(), "{name}");
    })
    .await;
}
