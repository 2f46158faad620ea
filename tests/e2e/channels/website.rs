//! The website: to WeChat by redirect or by its script, and back.

use reqwest::Method;
use saoma_sandbox::{Api, OnRefuse, WebsiteApp};
use serde_json::json;

use crate::harness::{
    Answer, Browser, Device, PUBLIC_URL, Setup, bind_in_browser, come_back, login_to_go_on_with, parameter,
    register_by_website,
};

#[tokio::test]
async fn somebody_new_comes_back_to_the_page_which_asks_for_the_phone() {
    let service = Setup::every_channel().start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let page = browser.authorize(&service, "channel=website&return_to=/orders%3Fa%3Db").await;
    assert!(page.starts_with(&format!("{}/connect/qrconnect?", service.sandbox.base_url())), "{page}");
    assert!(page.ends_with("#wechat_redirect"), "{page}");
    assert_eq!(parameter(&page, "scope").unwrap(), "snsapi_login");
    assert_eq!(parameter(&page, "redirect_uri").unwrap(), format!("{PUBLIC_URL}/v1/oauth/callback"));
    let id = parameter(&page, "state").unwrap();

    let back = browser.visit(&service, ming.allow(&page).unwrap().as_str()).await;
    assert_eq!(login_to_go_on_with(&back), id, "the state is the login's id");
    assert_eq!(parameter(back.location(), "return_to").unwrap(), "/orders?a=b");
    assert_eq!(browser.session(&service).await.problem(), "session_invalid", "there is no session yet");
    let login = browser.call(&service, Method::GET, &format!("/v1/logins/{id}"), None).await;
    assert_eq!((login.says(), &login.json["version"]), ("unregistered", &2.into()));

    bind_in_browser(&service, &mut browser, &id, &ming).await;
    let session = browser.session(&service).await.json;
    let identity = &session["account"]["identities"][0];
    assert_eq!((&identity["app"], &identity["channel"]), (&"site".into(), &"website".into()));
    assert_eq!(identity["nickname"], "ming");
    assert!(identity["avatar_url"].is_string() && identity.get("subscribed").is_none());
    assert_eq!(session["conflicts"], json!([]));
}

#[tokio::test]
async fn somebody_known_comes_back_to_where_they_wanted_to_go_logged_in() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let mut first = register_by_website(&service, &ming).await;
    let account = first.session(&service).await.json["account"]["id"].clone();

    let mut browser = Browser::new();
    let back = come_back(&service, &mut browser, &ming, "channel=website&return_to=/orders%23top").await;
    assert_eq!(back.location(), "/orders#top");
    assert_eq!(back.headers["cache-control"], "no-store");
    assert_eq!(back.headers["referrer-policy"], "no-referrer");
    assert_eq!(browser.session(&service).await.json["account"]["id"], account);
    assert_ne!(browser.cookie("saoma_session"), first.cookie("saoma_session"));
    assert_eq!(ming.sms().len(), 1, "no second code was sent");

    let back = come_back(&service, &mut Browser::new(), &ming, "channel=website").await;
    assert_eq!(back.location(), "/login", "the page shows who is logged in");
}

#[tokio::test]
async fn the_same_return_loaded_again_gets_the_same_redirect_and_costs_no_call() {
    let service = Setup::every_channel().start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let page = browser.authorize(&service, "channel=website&return_to=/a").await;
    let back = ming.allow(&page).unwrap();
    let first = browser.visit(&service, back.as_str()).await;
    let id = login_to_go_on_with(&first);
    for _ in 0..3 {
        assert_eq!(browser.visit(&service, back.as_str()).await.location(), first.location());
    }
    bind_in_browser(&service, &mut browser, &id, &ming).await;
    let session = browser.cookie("saoma_session").unwrap().to_owned();
    for _ in 0..3 {
        assert_eq!(browser.visit(&service, back.as_str()).await.location(), "/a", "now they are known");
        assert_eq!(browser.cookie("saoma_session"), Some(session.as_str()), "the same session");
    }
    assert_eq!(service.sandbox.calls(Api::SnsAccessToken), 1);

    browser.call(&service, Method::DELETE, "/v1/session", None).await;
    let again = browser.visit(&service, back.as_str()).await;
    assert_eq!(again.location(), "/a");
    assert!(!again.headers.contains_key("set-cookie"), "a session that was ended is not issued again");
    assert_eq!(service.sandbox.calls(Api::SnsAccessToken), 1);
}

#[tokio::test]
async fn who_comes_back_twice_with_two_codes_is_sent_the_same_way_and_the_second_code_stays_good() {
    let service = Setup::every_channel().start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let page = browser.authorize(&service, "channel=website&return_to=/hello").await;
    let (first, second) = (ming.allow(&page).unwrap(), ming.allow(&page).unwrap());
    assert_ne!(first, second, "each has a code of its own");
    let sent = browser.visit(&service, first.as_str()).await;
    let id = login_to_go_on_with(&sent);
    assert_eq!(browser.visit(&service, second.as_str()).await.location(), sent.location());
    assert_eq!(service.sandbox.calls(Api::SnsAccessToken), 1, "the second code is not used");
    bind_in_browser(&service, &mut browser, &id, &ming).await;
    assert_eq!(
        browser.visit(&service, second.as_str()).await.location(),
        "/hello",
        "also once they are known"
    );
    assert_eq!(service.sandbox.calls(Api::SnsAccessToken), 1);
}

#[tokio::test]
async fn people_are_shown_a_page_where_programs_get_a_problem() {
    let service = Setup::every_channel().start().await;
    let shared = "/v1/oauth/callback?code=USED&state=OF-SOMEBODY-ELSE&from=singlemessage&isappinstalled=0";
    let refused = "/v1/oauth/authorize?channel=website&return_to=//evil.test";
    let (html, navigation) = ("text/html,application/xhtml+xml", ("Sec-Fetch-Mode", "navigate"));
    let ask = async |path: &str, headers: &[(&str, &str)]| {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let request = client.get(format!("{}{path}", service.url));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        Answer::read(request.send().await.unwrap()).await
    };
    for (path, status, code) in [
        (shared, 403, "oauth_state_invalid"),
        (refused, 422, "return_to_refused"),
        ("/nowhere", 404, "not_found"),
    ] {
        for person in
            [&[("Accept", html), navigation][..], &[("Accept", "text/html;q=0.9,application/json;q=0.8")]]
        {
            assert_eq!(ask(path, person).await.told_on_page(), code, "{path}");
        }
        let as_json = [("Accept", "application/json, text/html;q=0.9")];
        for program in
            [&[][..], &[("Accept", "*/*")], &as_json, &[("Accept", html), ("Sec-Fetch-Mode", "cors")]]
        {
            let answer = ask(path, program).await;
            assert_eq!((answer.status.as_u16(), answer.problem()), (status, code), "{path} {program:?}");
        }
    }
}

#[tokio::test]
async fn wechats_own_script_gets_what_it_takes_and_the_page_waits_meanwhile() {
    let service = Setup::every_channel().start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let body = json!({"channel": "website", "return_to": "/a"});
    let started = browser.call(&service, Method::POST, "/v1/logins", Some(body)).await;
    assert_eq!(started.status, 201, "{}", started.text);
    let login = &started.json;
    assert_eq!((login["state"].as_str(), login["channel"].as_str()), (Some("loop"), Some("website")));
    assert!(login.get("qr").is_none() && login.get("poll_token").is_none());
    let wx = &login["wx_login"];
    assert_eq!(wx["state"], login["id"]);

    // What the script makes of it.
    let text = |name: &str| wx[name].as_str().unwrap();
    let mut page = url::Url::parse(&format!("{}/connect/qrconnect", service.sandbox.base_url())).unwrap();
    for (name, value) in [
        ("appid", text("appid")),
        ("redirect_uri", text("redirect_uri")),
        ("response_type", "code"),
        ("scope", text("scope")),
        ("state", text("state")),
    ] {
        page.query_pairs_mut().append_pair(name, value);
    }
    page.set_fragment(Some("wechat_redirect"));
    let id = text("state").to_owned();
    let back = ming.allow(page.as_str()).unwrap();
    let waiting = browser.clone();
    let path = format!("/v1/logins/{id}?wait=30&since=1");
    let wait = async { waiting.clone().call(&service, Method::GET, &path, None).await };
    let (waited, returned) = tokio::join!(wait, browser.visit(&service, back.as_str()));
    assert_eq!(waited.says(), "unregistered", "the page that shows the script's code sees it too");
    assert_eq!(login_to_go_on_with(&returned), id);
    bind_in_browser(&service, &mut browser, &id, &ming).await;
}

#[tokio::test]
async fn a_login_that_a_program_starts_can_be_finished_in_its_browser() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let answer = Device::ask(&service, json!({"channel": "website"})).await;
    let device = Device::started(&answer);
    let mut browser = Browser::new();
    browser.keep(&answer.headers);
    let url = device.started["authorize_url"].as_str().unwrap();
    let back = ming.allow(url).unwrap();
    let (waited, _) = tokio::join!(device.wait(&service, 30, 1), browser.visit(&service, back.as_str()));
    assert_eq!(waited.says(), "unregistered");
}

#[tokio::test]
async fn who_refuses_is_sent_back_to_the_page_and_nobody_is_logged_in() {
    let site = WebsiteApp { on_refuse: OnRefuse::Redirect, ..WebsiteApp::demo() };
    let service = Setup::default().website(site).start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let body = json!({"channel": "website"});
    let started = browser.call(&service, Method::POST, "/v1/logins", Some(body)).await.json;
    let back = ming.refuse(started["authorize_url"].as_str().unwrap()).unwrap().unwrap();
    for _ in 0..2 {
        let refused = browser.visit(&service, back.as_str()).await;
        assert_eq!(refused.location(), "/login?error=denied");
        assert_eq!(browser.cookie("saoma_session"), None);
    }
    let path = format!("/v1/logins/{}", started["id"].as_str().unwrap());
    let login = browser.call(&service, Method::GET, &path, None).await;
    assert_eq!((login.says(), &login.json["reason"]), ("expired", &"denied".into()));
    assert_eq!(service.sandbox.calls(Api::SnsAccessToken), 0);
}

#[tokio::test]
async fn who_set_out_by_a_link_can_be_told_what_became_of_the_login() {
    let site = WebsiteApp { on_refuse: OnRefuse::Redirect, ..WebsiteApp::demo() };
    let service = Setup::default().website(site).start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let page = browser.authorize(&service, "channel=website").await;
    let back = ming.refuse(&page).unwrap().unwrap();
    browser.visit(&service, back.as_str()).await;
    let (_, id) = back.query_pairs().find(|(name, _)| name == "state").unwrap();
    let login = browser.call(&service, Method::GET, &format!("/v1/logins/{id}"), None).await;
    assert_eq!((login.says(), &login.json["reason"]), ("expired", &"denied".into()));
}

#[tokio::test]
async fn two_tabs_do_not_disturb_each_other() {
    let service = Setup::every_channel().start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    drop(register_by_website(&service, &ming).await);
    let one = browser.authorize(&service, "channel=website&return_to=/one").await;
    let other = browser.authorize(&service, "channel=website&return_to=/other").await;
    let (one, other) = (ming.allow(&one).unwrap(), ming.allow(&other).unwrap());
    assert_eq!(browser.visit(&service, other.as_str()).await.location(), "/other");
    assert_eq!(browser.visit(&service, one.as_str()).await.location(), "/one");
}

#[tokio::test]
async fn of_several_websites_each_has_its_own_people() {
    let other = WebsiteApp {
        name: "shop".to_owned(),
        app_id: "wx1111111111111111".to_owned(),
        open_account: Some("other".to_owned()),
        ..WebsiteApp::demo()
    };
    let service = Setup::every_channel().website(other).set("limits.sms_per_phone_gap_s", 0).start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    drop(register_by_website(&service, &ming).await);
    let back = come_back(&service, &mut browser, &ming, "channel=website&app=shop").await;
    let id = login_to_go_on_with(&back);
    bind_in_browser(&service, &mut browser, &id, &ming).await;
    let session = browser.session(&service).await.json;
    let identities = session["account"]["identities"].as_array().unwrap();
    let apps: Vec<&str> = identities.iter().map(|identity| identity["app"].as_str().unwrap()).collect();
    assert_eq!(apps, ["site", "shop"], "one phone, one account");
}

#[tokio::test]
async fn what_is_asked_for_wrongly_is_told() {
    let service = Setup::every_channel().start().await;
    for (query, code) in [
        ("", "body_invalid"),
        ("channel=", "body_invalid"),
        ("channel=official_account", "body_invalid"),
        ("channel=mini_program", "body_invalid"),
        ("channel=website&channel=in_wechat", "body_invalid"),
        ("channel=website&app=nobody", "app_unknown"),
        ("channel=website&app=main", "app_unknown"),
        ("channel=in_wechat&app=site", "app_unknown"),
        ("channel=website&return_to=//evil.test", "return_to_refused"),
    ] {
        let answer = Browser::new().visit(&service, &format!("/v1/oauth/authorize?{query}")).await;
        assert_eq!(answer.told_on_page(), code, "{query}");
        assert!(!answer.headers.contains_key("set-cookie"));
        let address = format!("{}/v1/oauth/authorize?{query}", service.url);
        let program = Answer::read(reqwest::get(address).await.unwrap()).await;
        assert_eq!((program.status.as_u16(), program.problem()), (422, code), "{query}");
    }
    for empty in ["channel=website&app=", "channel=website&app=&return_to=", "channel=in_wechat&app="] {
        let started = Browser::new().authorize(&service, empty).await;
        assert_eq!(parameter(&started, "state").unwrap().len(), 32, "{empty}: as if left out");
    }
    let none = Setup::default().start().await;
    let answer = Browser::new().visit(&none, "/v1/oauth/authorize?channel=website").await;
    assert_eq!(answer.told_on_page(), "app_unknown");
}

#[tokio::test]
async fn a_browser_that_sets_out_often_keeps_few_cookies() {
    let service = Setup::every_channel().set("limits.logins_per_ip_burst", 0).start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let mut pages = Vec::new();
    for _ in 0..30 {
        pages.push(browser.authorize(&service, "channel=website").await);
        let sent = browser.cookies_at("/v1/oauth/callback");
        assert!(sent.len() <= 8, "{}", sent.len());
    }
    let back = ming.allow(pages.last().unwrap()).unwrap();
    login_to_go_on_with(&browser.visit(&service, back.as_str()).await);
}
