//! `GET /v1/oauth/relay`: WeChat's codes for systems that exchange them themselves.

use url::form_urlencoded::byte_serialize;

use crate::harness::{Answer, Browser, PUBLIC_URL, Service, Setup, parameter, spellings_of_elsewhere};

async fn service() -> Service {
    Setup::every_channel().set("login.relay_to", "https://shop.example.test/after").start().await
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// Sets out for an address, and returns what the service says.
async fn set_out(service: &Service, browser: &mut Browser, redirect_uri: &str, more: &str) -> Answer {
    let path = format!("/v1/oauth/relay?redirect_uri={}{more}", encoded(redirect_uri));
    browser.visit(service, &path).await
}

#[tokio::test]
async fn a_code_goes_on_to_the_system_that_asked_with_its_own_state() {
    let service = service().await;
    let ming = service.person("ming");
    for (more, scope) in [
        ("&app=main", "snsapi_base"),
        ("&app=main&scope=snsapi_userinfo", "snsapi_userinfo"),
        ("&app=site&scope=snsapi_login", "snsapi_login"),
        ("&app=site", "snsapi_login"),
    ] {
        let mut browser = Browser::new();
        let wanted = "https://shop.example.test/after/wechat?shop=7";
        let sent = set_out(&service, &mut browser, wanted, &format!("{more}&state=a%26b%3Dc")).await;
        let page = sent.location().to_owned();
        assert_eq!(parameter(&page, "scope").unwrap(), scope, "{page}");
        let redirect_uri = parameter(&page, "redirect_uri").unwrap();
        assert!(redirect_uri.starts_with(PUBLIC_URL), "WeChat knows this service alone: {redirect_uri}");
        let back = ming.allow(&page).unwrap();
        let code = parameter(back.as_str(), "code").unwrap();
        let on = browser.visit(&service, back.as_str()).await;
        assert_eq!(on.location(), format!("{wanted}&code={code}&state=a%26b%3Dc"));
        let again = browser.visit(&service, back.as_str()).await;
        assert_eq!(again.location(), on.location(), "the same return is sent on again");
        assert_eq!(browser.session(&service).await.problem(), "session_invalid", "it is no login here");
    }
}

#[tokio::test]
async fn no_spelling_of_elsewhere_is_relayed_to() {
    let service = service().await;
    let spellings = spellings_of_elsewhere();
    let own = ["/", "/login", "https://shop.example.test/after?code=x", "https://shop.example.test/after#x"];
    let mut browser = Browser::new();
    for spelling in spellings.iter().map(String::as_str).chain(own) {
        let answer = set_out(&service, &mut browser, spelling, "&app=main").await;
        assert_eq!(answer.told_on_page(), "return_to_refused", "{spelling:?}");
        assert!(!answer.text.contains("evil"), "it is not repeated: {}", answer.text);
    }
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn a_return_goes_nowhere_unless_this_browser_set_out_for_it() {
    let service = service().await;
    let ming = service.person("ming");
    let wanted = "https://shop.example.test/after";
    let mut browser = Browser::new();
    let page = set_out(&service, &mut browser, wanted, "&app=main").await.location().to_owned();
    let back = ming.allow(&page).unwrap();
    let stranger = Browser::new().visit(&service, back.as_str()).await;
    assert_eq!(stranger.told_on_page(), "oauth_state_invalid");
    // A login's return is none of the relay's, and the other way round.
    let login = browser.authorize(&service, "channel=in_wechat").await;
    let login = ming.allow(&login).unwrap();
    for (path, back) in [("/v1/oauth/relay/callback", &login), ("/v1/oauth/callback", &back)] {
        let query = back.as_str().split_once('?').unwrap().1;
        let crossed = browser.visit(&service, &format!("{path}?{query}")).await;
        assert_eq!(crossed.told_on_page(), "oauth_state_invalid", "{path}");
    }
    for query in ["", "?code=x", "?state=", "?state=..%2F", "?code=x&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
    {
        let made_up = browser.visit(&service, &format!("/v1/oauth/relay/callback{query}")).await;
        assert_eq!(made_up.told_on_page(), "oauth_state_invalid", "{query}");
    }
    assert_eq!(browser.visit(&service, back.as_str()).await.location().split('?').next(), Some(wanted));
}

#[tokio::test]
async fn a_cookie_that_was_written_by_another_hand_leads_nowhere() {
    let service = service().await;
    let ming = service.person("ming");
    let mut browser = Browser::new();
    let sent = set_out(&service, &mut browser, "https://shop.example.test/after", "&app=main").await;
    let back = ming.allow(sent.location()).unwrap();
    let content = base64_json(r#"{"relay_to":"https://evil.test/"}"#);
    for (_, value, _) in &mut browser.cookies {
        if let Some((token, _)) = value.split_once('.') {
            *value = format!("{token}.{content}");
        }
    }
    assert_eq!(browser.visit(&service, back.as_str()).await.told_on_page(), "oauth_state_invalid");
}

fn base64_json(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
}

#[tokio::test]
async fn a_person_who_refuses_comes_back_without_a_code() {
    let service = service().await;
    let mut browser = Browser::new();
    let sent = set_out(&service, &mut browser, "https://shop.example.test/after", "&app=main&state=x").await;
    let state = parameter(sent.location(), "state").unwrap();
    let back = browser.visit(&service, &format!("/v1/oauth/relay/callback?state={state}")).await;
    assert_eq!(back.location(), "https://shop.example.test/after?state=x");
}

#[tokio::test]
async fn what_cannot_be_sent_to_wechat_is_refused() {
    let service = service().await;
    let mut browser = Browser::new();
    let wanted = "https://shop.example.test/after";
    for (more, code) in [
        ("&app=unknown", "app_unknown"),
        ("&app=mini", "app_unknown"),
        ("&app=main&scope=snsapi_login", "body_invalid"),
        ("&app=site&scope=snsapi_base", "body_invalid"),
        (&format!("&app=main&state={}", "a".repeat(513)), "body_invalid"),
    ] {
        assert_eq!(set_out(&service, &mut browser, wanted, more).await.told_on_page(), code, "{more}");
    }
    let closed = Setup::every_channel().start().await;
    let refused = set_out(&closed, &mut browser, wanted, "&app=main").await;
    assert_eq!(refused.told_on_page(), "return_to_refused", "nothing is relayed unless it is configured");
}
