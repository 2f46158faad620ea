//! No secret is readable by page script, whatever happens on the page.

use std::collections::BTreeSet;

use saoma_browser::{Browser, Look, Stage};

use crate::steps::{MING, ask_for_sms, log_in_with, no_complaint, open_login, scan};

/// Returns the values of all cookies, which must all be out of the reach of scripts.
async fn secret_values(browser: &Browser) -> BTreeSet<String> {
    let cookies = browser.cookies().await;
    for cookie in &cookies {
        assert_eq!(cookie["httpOnly"], true, "{}", cookie["name"]);
        assert_eq!(cookie["sameSite"], "Lax", "{}", cookie["name"]);
    }
    let value = |cookie: &serde_json::Value| cookie["value"].as_str().unwrap().to_owned();
    cookies.iter().map(value).filter(|value| !value.is_empty()).collect()
}

/// Returns everything that a script on the page can read.
async fn readable(browser: &Browser) -> String {
    const STORED: &str =
        "return [document.cookie, JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}),
        location.href, document.documentElement.outerHTML,
        document.querySelector('saoma-login').shadowRoot.querySelector('.card').outerHTML].join('\\n')";
    let stored = browser.eval(STORED).await;
    format!("{}\n{}", stored.as_str().unwrap(), browser.answers().await.join("\n"))
}

#[tokio::test]
async fn no_script_can_read_a_token() {
    let stage = Stage::start(&[]).await;
    let browser = Browser::start(Look::default()).await;
    let person = stage.person("ming", MING);
    open_login(&stage, &browser).await;
    let mut secrets = secret_values(&browser).await;
    assert_eq!(secrets.len(), 1, "the poll token");
    scan(&stage, &person).await;
    let code = ask_for_sms(&browser, &person).await;
    log_in_with(&browser, &code).await;
    browser.read("You are logged in").await;
    secrets.extend(secret_values(&browser).await);
    assert_eq!(secrets.len(), 2, "the poll token and the session");

    let mut seen = readable(&browser).await;
    for part in ["\"loop\"", "\"unregistered\"", "\"registered\"", "identities", "saoma_login"] {
        assert!(seen.contains(part), "the witness missed {part}");
    }
    browser.reload().await;
    browser.read("You are logged in").await;
    seen += &readable(&browser).await;
    secrets.extend(secret_values(&browser).await);
    for secret in &secrets {
        assert!(secret.len() >= 43, "a token of 256 bits");
        assert!(!seen.contains(secret), "a script can read a token");
    }
    for word in ["poll_token", "session_token", "\"token\"", "set-cookie"] {
        assert!(!seen.contains(word), "a script can read {word}");
    }
    no_complaint(&browser).await;
}

#[tokio::test]
async fn what_the_policy_stops_is_heard() {
    let (_stage, browser) = crate::steps::at_the_login_page(Look::default()).await;
    no_complaint(&browser).await;
    browser.eval("setTimeout(() => { document.body.innerHTML = '<b>x</b>' })").await;
    saoma_browser::eventually("the console says so", async || {
        browser.complaints().await.iter().any(|said| said.contains("TrustedHTML")).then_some(())
    })
    .await;
}
