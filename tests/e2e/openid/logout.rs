//! Logging out: by a client, by a person, and told to clients behind the browser.

use reqwest::Method;
use serde_json::json;

use super::receiver::LogoutReceiver;
use super::support::{
    AFTER_LOGOUT, APP, NATIVE, OTHER, claims, error_in, field, header, logged_in, post, sent_to, setup,
    submit, text, userinfo,
};
use crate::harness::{Answer, Browser, PUBLIC_URL, Service, eventually};

async fn leave(service: &Service, browser: &mut Browser, with: &[(&str, &str)]) -> Answer {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(with).finish();
    browser.visit(service, &format!("/oauth2/logout?{query}")).await
}

async fn is_logged_in(service: &Service, browser: &mut Browser) -> bool {
    browser.session(service).await.status == 200
}

#[tokio::test]
async fn a_client_with_an_id_token_of_the_session_logs_out_at_once() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let tokens = APP.tokens(&service, &mut browser, "openid offline_access").await;
    let hint = text(&tokens, "id_token");
    let with =
        [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", AFTER_LOGOUT), ("state", "s-2")];
    let answer = leave(&service, &mut browser, &with).await;
    assert_eq!(sent_to(&answer), format!("{AFTER_LOGOUT}?state=s-2"));
    assert!(browser.cookie("saoma_session").is_none(), "the cookie is cleared");
    assert_eq!(userinfo(&service, &text(&tokens, "access_token")).await.status, 401);
    let again = leave(&service, &mut browser, &with).await;
    assert_eq!(sent_to(&again), format!("{AFTER_LOGOUT}?state=s-2"), "twice is fine");
    let none = browser.visit(&service, &APP.address("openid", &[("prompt", "none")])).await;
    assert_eq!(error_in(&none), "login_required");
}

#[tokio::test]
async fn a_logout_without_an_address_ends_on_a_page() {
    let service = setup().start().await;
    let person = service.person("anna");
    for with in [&[][..], &[("state", "s")]] {
        let mut browser = logged_in(&service, &person).await;
        let page = leave(&service, &mut browser, with).await;
        let proof = field(&page, "proof");
        let form: Vec<_> = with.iter().copied().chain([("proof", proof.as_str())]).collect();
        let left = submit(&service, &browser, "/oauth2/logout", &form).await;
        assert!(left.status == 200 && left.headers.get("location").is_none(), "{}", left.text);
        assert!(!is_logged_in(&service, &mut browser).await, "{with:?}");
    }
    for (more, left_to) in
        [(None, None), (Some(("post_logout_redirect_uri", AFTER_LOGOUT)), Some(AFTER_LOGOUT))]
    {
        let mut browser = logged_in(&service, &person).await;
        let hint = text(&APP.tokens(&service, &mut browser, "openid").await, "id_token");
        let with: Vec<_> = [("id_token_hint", hint.as_str())].into_iter().chain(more).collect();
        let left = leave(&service, &mut browser, &with).await;
        let location = left.headers.get("location").map(|to| to.to_str().unwrap());
        assert_eq!(location, left_to, "without a state");
        assert!(!is_logged_in(&service, &mut browser).await, "{with:?}");
    }
}

#[tokio::test]
async fn any_other_logout_is_asked_first() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let of_bert = {
        let mut bert = logged_in(&service, &service.person("bert")).await;
        text(&APP.tokens(&service, &mut bert, "openid").await, "id_token")
    };
    let before = text(&APP.tokens(&service, &mut browser, "openid").await, "id_token");
    browser.call(&service, Method::DELETE, "/v1/session", None).await;
    super::support::scan_in(&service, &mut browser, &service.person("anna")).await;
    let to = ("post_logout_redirect_uri", AFTER_LOGOUT);
    for with in [
        vec![],
        vec![("client_id", "app"), to],
        vec![("id_token_hint", of_bert.as_str()), to],
        vec![("id_token_hint", before.as_str()), to],
    ] {
        let page = leave(&service, &mut browser, &with).await;
        assert_eq!(page.status, 200, "{with:?}");
        assert!(page.headers.get("location").is_none() && page.text.contains("<form"), "{}", page.text);
        assert!(is_logged_in(&service, &mut browser).await, "{with:?}");
    }
    let page = leave(&service, &mut browser, &[("client_id", "app"), to, ("state", "s")]).await;
    let proof = field(&page, "proof");
    let form = [("client_id", "app"), to, ("state", "s"), ("proof", proof.as_str())];
    let cookies = browser.cookies_at("/oauth2/logout").join("; ");
    for origin in ["https://evil.test", "null"] {
        let foreign =
            post(&service, "/oauth2/logout", &form, &[("Cookie", &cookies), ("Origin", origin)]).await;
        assert_eq!(foreign.status, 200, "it is asked again");
        assert!(is_logged_in(&service, &mut browser).await);
    }
    let answer = submit(&service, &browser, "/oauth2/logout", &form).await;
    assert_eq!(sent_to(&answer), format!("{AFTER_LOGOUT}?state=s"));
    assert!(!is_logged_in(&service, &mut browser).await);
}

#[tokio::test]
async fn a_logout_leads_nowhere_but_to_what_its_client_has_configured() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let hint = text(&APP.tokens(&service, &mut browser, "openid").await, "id_token");
    let hint = ("id_token_hint", hint.as_str());
    let to = |uri| ("post_logout_redirect_uri", uri);
    for with in [
        vec![hint, to("https://evil.test/")],
        vec![hint, to("https://app.example.test/bye/")],
        vec![hint, to("https://app.example.test/bye?x=1")],
        vec![hint, to("https://app.example.test/cb?tenant=1")],
        vec![hint, to(AFTER_LOGOUT), ("client_id", "other")],
        vec![to(AFTER_LOGOUT)],
        vec![("client_id", "other"), to(AFTER_LOGOUT)],
        vec![("client_id", "nobody")],
        vec![hint, to(AFTER_LOGOUT), to("https://evil.test/")],
    ] {
        let answer = leave(&service, &mut browser, &with).await;
        assert_eq!(answer.status, 400, "{with:?}");
        assert!(answer.headers.get("location").is_none());
        assert!(is_logged_in(&service, &mut browser).await, "{with:?}");
    }
    let nobody = leave(&service, &mut Browser::new(), &[]).await;
    assert_eq!(nobody.status, 200, "there is nothing to ask");
}

#[tokio::test]
async fn the_form_of_another_site_logs_out_no_more_than_its_link_would() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let hint = text(&APP.tokens(&service, &mut browser, "openid").await, "id_token");
    // A browser sends no cookies along with another site's form, and takes those of the answer.
    let foreign = [("client_id", "app"), ("post_logout_redirect_uri", AFTER_LOGOUT)];
    let sent = post(&service, "/oauth2/logout", &foreign, &[]).await;
    assert!(sent.headers.get("set-cookie").is_none(), "the browser keeps its session: {:?}", sent.headers);
    let page = browser.visit(&service, sent_to(&sent)).await;
    assert!(page.status == 200 && page.text.contains("<form"), "the person is asked: {}", page.text);
    assert!(is_logged_in(&service, &mut browser).await);
    let nobody = leave(&service, &mut Browser::new(), &foreign).await;
    assert!(nobody.headers.get("set-cookie").is_none(), "{:?}", nobody.headers);
    // A client may send its own form as well as its link.
    let own = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", AFTER_LOGOUT), ("state", "s")];
    let sent = post(&service, "/oauth2/logout", &own, &[]).await;
    assert_eq!(sent.status, 303);
    let left = browser.visit(&service, sent_to(&sent)).await;
    assert_eq!(sent_to(&left), format!("{AFTER_LOGOUT}?state=s"));
    assert!(!is_logged_in(&service, &mut browser).await, "the session is over, and not the cookie alone");
}

#[tokio::test]
async fn clients_that_know_of_a_session_are_told_of_its_end() {
    let receiver = LogoutReceiver::start(1);
    let service = setup().set("oidc.clients.0.backchannel_logout_uri", &receiver.url).start().await;
    let person = service.person("anna");
    let mut browser = logged_in(&service, &person).await;
    let mut unknown = logged_in(&service, &person).await;
    let mut only_other = logged_in(&service, &person).await;
    OTHER.tokens(&service, &mut only_other, "openid").await;
    NATIVE.tokens(&service, &mut browser, "openid").await;
    let id_token = claims(&text(&APP.tokens(&service, &mut browser, "openid").await, "id_token"));
    for browser in [&mut unknown, &mut only_other, &mut browser] {
        let ended = browser.call(&service, Method::DELETE, "/v1/session", None).await;
        assert_eq!(ended.status, 204);
    }
    let told = eventually("it is told, though it failed at first", async || {
        Some(receiver.bodies()).filter(|bodies| !bodies.is_empty())
    });
    let told = told.await;
    assert_eq!(told.len(), 1, "{told:?}");
    let token = told[0].strip_prefix("logout_token=").unwrap();
    let (head, told) = (header(token), claims(token));
    assert_eq!(head["typ"], "logout+jwt");
    assert_eq!((&told["iss"], &told["aud"]), (&json!(PUBLIC_URL), &json!("app")));
    assert_eq!((&told["sub"], &told["sid"]), (&id_token["sub"], &id_token["sid"]));
    assert_eq!(told["events"], json!({"http://schemas.openid.net/event/backchannel-logout": {}}));
    assert!(told.get("nonce").is_none() && told["jti"].is_string() && told["iat"].is_i64());
    let mut again = logged_in(&service, &person).await;
    let as_hint = leave(&service, &mut again, &[("id_token_hint", token)]).await;
    assert_eq!(as_hint.status, 400, "it is no ID token");
}
