//! `DELETE /v1/session/identities/{id}`: a way in that is not wanted any more.

use reqwest::Method;

use crate::harness::{
    Browser, Device, Service, Setup, open_mini_program, register, register_by_mini_program,
    register_by_website,
};

async fn remove(service: &Service, browser: &mut Browser, id: &str) -> crate::harness::Answer {
    browser.call(service, Method::DELETE, &format!("/v1/session/identities/{id}"), None).await
}

/// Returns the ids of the identities of the browser's account.
async fn identities(service: &Service, browser: &mut Browser) -> Vec<String> {
    let session = browser.session(service).await.json;
    let identities = session["account"]["identities"].as_array().unwrap();
    identities.iter().map(|identity| identity["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_identity_that_was_removed_is_a_stranger_and_the_last_one_stays() {
    let service = Setup::every_channel().set("login.link_by_unionid", false).start().await;
    let ming = service.person("ming");
    let mut browser = register_by_website(&service, &ming).await;
    register_by_mini_program(&service, &ming).await;
    let ids = identities(&service, &mut browser).await;
    assert_eq!(ids.len(), 2);

    let removed = remove(&service, &mut browser, &ids[1]).await;
    assert_eq!((removed.status.as_u16(), removed.text.as_str()), (204, ""));
    assert_eq!(identities(&service, &mut browser).await, ids[..1]);
    assert_eq!(open_mini_program(&service, &ming).await.says(), "unregistered");
    let again = remove(&service, &mut browser, &ids[1]).await;
    assert_eq!((again.status.as_u16(), again.problem()), (404, "not_found"));

    let last = remove(&service, &mut browser, &ids[0]).await;
    assert_eq!((last.status.as_u16(), last.problem()), (409, "last_identity"));
    assert_eq!(identities(&service, &mut browser).await, ids[..1]);
    register_by_mini_program(&service, &ming).await;
    assert_eq!(identities(&service, &mut browser).await.len(), 2, "it can be added again");
}

#[tokio::test]
async fn nobody_removes_what_is_not_theirs() {
    let service = Setup::every_channel().start().await;
    let (device, token) = register(&service, &service.person("hong")).await;
    let hongs = device.session(&service, &token).await.json["account"]["identities"][0].clone();
    let mut browser = register_by_website(&service, &service.person("ming")).await;
    for id in [hongs["id"].as_str().unwrap(), "x", "%00", "00000000-0000-7000-8000-000000000000"] {
        let answer = remove(&service, &mut browser, id).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (404, "not_found"), "{id}");
    }
    let own = identities(&service, &mut browser).await;
    assert_eq!(remove(&service, &mut Browser::new(), &own[0]).await.problem(), "session_invalid");
    browser.origin = None;
    assert_eq!(remove(&service, &mut browser, &own[0]).await.problem(), "origin_refused");
    let still = Device::start(&service).await;
    service.person("hong").scan(still.qr()).await.unwrap();
    assert_eq!(still.look(&service).await.says(), "registered");
}
