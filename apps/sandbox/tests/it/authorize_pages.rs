//! The pages on which people allow and refuse.

use std::time::Duration;

use saoma_sandbox::{
    Api, AuthorizeError, OfficialAccount, OnRefuse, Sandbox, SandboxConfig, SandboxError, WebsiteApp,
};
use serde_json::{Value, json};

use super::support::{Caller, Fixture, MAIN, every_app, in_wechat, parameter, qrconnect};

/// What a browser asks the server for: the path and query, without the fragment.
fn path_of(url: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    format!("{}?{}", url.path(), url.query().unwrap())
}

async fn strict_sandbox() -> Sandbox {
    let domain = Some("demo.example".to_owned());
    let website =
        WebsiteApp { redirect_domain: domain.clone(), on_refuse: OnRefuse::Redirect, ..WebsiteApp::demo() };
    let account = OfficialAccount { redirect_domain: domain, ..OfficialAccount::demo() };
    let config = SandboxConfig { websites: vec![website], accounts: vec![account], ..every_app() };
    Sandbox::start(config).await.unwrap()
}

#[tokio::test]
async fn each_mistake_in_a_url_is_named_with_the_number_that_wechat_shows() {
    let sandbox = strict_sandbox().await;
    let (caller, ming) = (Caller::new(&sandbox), sandbox.person("ming").unwrap());
    let (site, base) = (qrconnect(&sandbox), in_wechat(&sandbox, "snsapi_base"));
    let cases = [
        (site.replace("demo.example", "www.demo.example"), AuthorizeError::RedirectUriForeign, Some(10003)),
        (base.replace("demo.example", "demo.example.evil"), AuthorizeError::RedirectUriForeign, Some(10003)),
        (
            base.replace("https%3A%2F%2Fdemo.example", "javascript%3A"),
            AuthorizeError::RedirectUriForeign,
            Some(10003),
        ),
        (site.replace("snsapi_login", "snsapi_base"), AuthorizeError::ScopeUnknown, Some(10005)),
        (base.replace("snsapi_base", "snsapi_login"), AuthorizeError::ScopeUnknown, Some(10005)),
        (site.replace("snsapi_login", ""), AuthorizeError::ScopeMissing, Some(10010)),
        (site.replace("redirect_uri", "redirect"), AuthorizeError::RedirectUriMissing, Some(10011)),
        (base.replace("wx5a0b4c3d2e1f6078", ""), AuthorizeError::AppIdMissing, Some(10012)),
        (
            base.replace("wx5a0b4c3d2e1f6078", "wx9a8b7c6d5e4f3a21"),
            AuthorizeError::AppIdOfWebsite,
            Some(10016),
        ),
        (site.replace("wx9a8b7c6d5e4f3a21", "wx5a0b4c3d2e1f6078"), AuthorizeError::AppIdUnknown, Some(40013)),
        (site.replace("wx9a8b7c6d5e4f3a21", "wx3d5f7a9b1c2e4d60"), AuthorizeError::AppIdUnknown, Some(40013)),
        (site.replace("wx9a8b7c6d5e4f3a21", "wx0"), AuthorizeError::AppIdUnknown, Some(40013)),
        (site.replace("response_type=code", "response_type=token"), AuthorizeError::ResponseType, None),
        (base.replace("abc-_9", &"a".repeat(129)), AuthorizeError::State, None),
        (base.replace("abc-_9", "a%20b"), AuthorizeError::State, None),
    ];
    let texts = async |file| caller.get(file).await.text().await.unwrap();
    let words = texts("/phone/words-en.js").await + &texts("/phone/words-zh.js").await;
    for (url, error, number) in cases {
        assert_ne!(url, site, "the case changes something");
        let refused = ming.allow(&url).unwrap_err();
        assert!(matches!(&refused, SandboxError::Authorize(found) if *found == error), "{url}: {refused}");
        assert_eq!(error.code(), number);
        let page = caller.get(&path_of(&url)).await;
        assert_eq!(page.status(), 400, "{url}");
        let shown = page.text().await.unwrap();
        let number = number.map(|number: u32| number.to_string()).unwrap_or_default();
        assert!(shown.contains(&format!("data-number=\"{number}\"")), "{url}: {shown}");
        let word = shown.split("data-problem=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(words.matches(&format!("problem_{word}: ")).count(), 2, "{word} in both languages");
    }
    assert!(ming.allow(&site).is_ok() && ming.allow(&base).is_ok());
}

#[tokio::test]
async fn the_fragment_belongs_to_the_url_and_no_other_page_is_one() {
    let Fixture { sandbox, ming, .. } = Fixture::new().await;
    let url = qrconnect(&sandbox);
    let refused = |url: &str| match ming.allow(url) {
        Err(SandboxError::Authorize(error)) => Some(error),
        Ok(_) | Err(_) => None,
    };
    assert_eq!(refused(url.trim_end_matches("#wechat_redirect")), Some(AuthorizeError::Fragment));
    assert_eq!(refused(&url.replace("#wechat_redirect", "#other")), Some(AuthorizeError::Fragment));
    assert_eq!(refused(&url.replace("qrconnect", "other")), Some(AuthorizeError::Page));
    assert_eq!(refused("nonsense"), Some(AuthorizeError::Page));
}

#[tokio::test]
async fn a_missing_state_is_not_sent_back() {
    let Fixture { sandbox, ming, .. } = Fixture::new().await;
    let back = ming.allow(&qrconnect(&sandbox).replace("&state=abc-_9", "")).unwrap();
    assert!(parameter(&back, "code").is_some() && parameter(&back, "state").is_none());
}

#[tokio::test]
async fn a_refusal_leads_nowhere_unless_the_app_has_the_old_way() {
    let Fixture { sandbox: today, ming: here, .. } = Fixture::new().await;
    let old = strict_sandbox().await;
    let there = old.person("ming").unwrap();
    assert_eq!(here.refuse(&qrconnect(&today)).unwrap(), None);
    assert_eq!(here.refuse(&in_wechat(&today, "snsapi_userinfo")).unwrap(), None);
    let back = there.refuse(&qrconnect(&old)).unwrap().unwrap();
    assert_eq!(back.as_str(), "https://demo.example/return?a=1&state=abc-_9");
    let silent = here.refuse(&in_wechat(&today, "snsapi_base"));
    assert!(matches!(silent, Err(SandboxError::Authorize(AuthorizeError::NoConsent))));
}

#[tokio::test]
async fn a_silent_authorization_redirects_at_once_for_the_person_whose_wechat_it_is() {
    let Fixture { sandbox, caller, .. } = Fixture::new().await;
    let ming = sandbox.person("小明").unwrap();
    let open = async |scope: &str, cookie: &str| {
        let url = format!("{}{}", sandbox.base_url(), path_of(&in_wechat(&sandbox, scope)));
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(saoma_tls::client_config(false).unwrap())
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        let request = client.build().unwrap().get(url).header("Cookie", cookie);
        request.send().await.unwrap()
    };
    let cookie = "saoma_sandbox_person=%E5%B0%8F%E6%98%8E";
    let response = open("snsapi_base", cookie).await;
    assert_eq!(response.status(), 302);
    let back = url::Url::parse(response.headers()["location"].to_str().unwrap()).unwrap();
    assert_eq!(parameter(&back, "state").as_deref(), Some("abc-_9"));
    let code = parameter(&back, "code").unwrap();
    let token = caller.exchange(MAIN, &code).await;
    assert_eq!(token["openid"], ming.openid("main").unwrap());

    let unknown = open("snsapi_base", "saoma_sandbox_person=li").await;
    assert_eq!(unknown.status(), 200, "the page asks who it is");
    assert_eq!(open("snsapi_userinfo", cookie).await.status(), 200, "the page asks for consent");
    assert_eq!(sandbox.calls(Api::Authorize), 3);
}

/// Opens a page; returns its id.
async fn open_page(caller: &Caller, url: &str) -> String {
    let page = caller.get(&path_of(url)).await;
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let html = page.text().await.unwrap();
    assert!(!html.contains("{{") && !html.contains("style="), "{html}");
    html.split("data-page=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_page_in_a_browser_learns_the_decision_on_a_phone() {
    let Fixture { sandbox, caller, .. } = Fixture::new().await;
    let id = open_page(&caller, &qrconnect(&sandbox)).await;
    let page = caller.get_json(&format!("/sandbox/api/authorizations/{id}")).await;
    assert_eq!(
        (&page["app"], &page["scope"], &page["host"]),
        (&json!("site"), &json!("snsapi_login"), &json!("demo.example"))
    );
    assert_eq!(page["decision"], Value::Null);
    assert_eq!(caller.get_json("/sandbox/api/state").await["authorizations"][0]["id"], id);

    let allow = format!("/sandbox/api/authorizations/{id}/allow");
    assert_eq!(caller.post_json(&allow, json!({ "person": "li" })).await["code"], "person_unknown");
    let decision = caller.post_json(&allow, json!({ "person": "ming" })).await;
    assert!(decision["redirect_url"].as_str().unwrap().starts_with("https://demo.example/return?a=1&code="));
    let refuse = format!("/sandbox/api/authorizations/{id}/refuse");
    assert_eq!(
        caller.post_json(&refuse, json!({ "person": "ming" })).await,
        decision,
        "the first one counts"
    );
    assert_eq!(caller.get_json(&format!("/sandbox/api/authorizations/{id}")).await["decision"], decision);
    assert_eq!(caller.get_json("/sandbox/api/authorizations").await["authorizations"], json!([]));
}

#[tokio::test]
async fn a_refused_page_goes_nowhere_and_an_old_one_is_forgotten() {
    let Fixture { sandbox, caller, .. } = Fixture::new().await;
    let id = open_page(&caller, &in_wechat(&sandbox, "snsapi_userinfo")).await;
    let refuse = format!("/sandbox/api/authorizations/{id}/refuse");
    let decision = caller.post_json(&refuse, json!({ "person": "ming" })).await;
    assert_eq!(decision, json!({ "person": "ming", "allowed": false, "redirect_url": null }));

    let other = open_page(&caller, &qrconnect(&sandbox)).await;
    sandbox.advance_clock(Duration::from_secs(300));
    let allow = format!("/sandbox/api/authorizations/{other}/allow");
    assert_eq!(caller.post_json(&allow, json!({ "person": "ming" })).await["code"], "authorization_unknown");
    assert_eq!(caller.get_json("/sandbox/api/authorizations").await["authorizations"], json!([]));
}

#[tokio::test]
async fn the_text_of_a_url_is_no_html_on_the_page() {
    let website = WebsiteApp { name: "\"><script>{{scope}}".to_owned(), ..WebsiteApp::demo() };
    let config = SandboxConfig { websites: vec![website], ..every_app() };
    let sandbox = Sandbox::start(config).await.unwrap();
    let html = Caller::new(&sandbox).get(&path_of(&qrconnect(&sandbox))).await.text().await.unwrap();
    assert!(html.contains("data-app=\"&quot;&gt;&lt;script&gt;&#123;&#123;scope}}\""), "{html}");
}

#[tokio::test]
async fn allowing_and_refusing_are_there_over_http_too() {
    let Fixture { sandbox, caller, .. } = Fixture::new().await;
    let url = qrconnect(&sandbox);
    let allowed = caller.post_json("/sandbox/api/people/ming/allow", json!({ "url": url })).await;
    assert!(allowed["redirect_url"].as_str().unwrap().contains("code="));
    let refused = caller.post_json("/sandbox/api/people/ming/refuse", json!({ "url": url })).await;
    assert_eq!(refused, json!({ "redirect_url": null }));
    let wrong = caller.post_json("/sandbox/api/people/ming/allow", json!({ "url": "x" })).await;
    assert_eq!(wrong["code"], "authorization_refused");
    let snapshot = json!({ "url": in_wechat(&sandbox, "snsapi_userinfo"), "snapshot": true });
    assert!(caller.post_json("/sandbox/api/people/ming/allow", snapshot).await["redirect_url"].is_string());
}

#[tokio::test]
async fn a_redirect_domain_is_a_bare_host() {
    for domain in ["https://demo.example", "demo.example:443", "demo.example/x", ""] {
        let website = WebsiteApp { redirect_domain: Some(domain.to_owned()), ..WebsiteApp::demo() };
        let config = SandboxConfig { websites: vec![website], ..every_app() };
        let refused = Sandbox::start(config).await;
        assert!(
            matches!(refused, Err(SandboxError::Config { key: "website_redirect_domain", .. })),
            "{domain}"
        );
    }
}
