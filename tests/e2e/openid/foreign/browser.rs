//! The browser between a client and the service, whose address is what it says it is.

use reqwest::StatusCode;
use saoma_sandbox::Person;

use super::super::support::{agree, get, scan_in, sent_to, setup};
use crate::harness::{Answer, Browser, Service, Setup, parameter};

/// Returns a service whose clients can reach it under its own name.
pub(super) fn reachable() -> (Setup, String) {
    let issuer = format!("http://127.0.0.1:{}", saoma_servers::free_port().unwrap());
    let setup = setup()
        .set("server.listen", issuer.trim_start_matches("http://"))
        .set("server.public_url", &issuer)
        .set("oidc.clients.0.algorithm", "RS256")
        .set("oidc.clients.2.algorithm", "RS256");
    (setup, issuer)
}

/// Starts a service, and returns once its key of RSA is made: a client may not wait as long as a busy machine takes for it.
pub(super) async fn with_its_key(setup: Setup) -> Service {
    let service = setup.start().await;
    get(&service, "/oauth2/jwks").await;
    service
}

/// Returns a browser with a page of the service open.
pub(super) fn browser(issuer: &str) -> Browser {
    let mut browser = Browser::new();
    browser.origin = Some(issuer.to_owned());
    browser
}

/// Goes where a client sends a person who is not logged in: they scan, agree, and are sent back to this address.
pub(super) async fn log_in(
    service: &Service,
    issuer: &str,
    browser: &mut Browser,
    person: &Person,
    authorize: &str,
) -> String {
    let path = authorize.strip_prefix(issuer).expect("it goes to the service");
    let sent = browser.visit(service, path).await;
    let return_to = parameter(sent.location(), "return_to").unwrap();
    scan_in(service, browser, person).await;
    let answer = browser.visit(service, &return_to).await;
    let answer =
        if answer.status == StatusCode::OK { agree(service, browser, &answer).await } else { answer };
    sent_to(&answer).to_owned()
}

/// Goes where a client sends a person to log out, and returns where that led.
pub(super) async fn log_out(service: &Service, issuer: &str, browser: &mut Browser, logout: &str) -> String {
    let path = logout.strip_prefix(issuer).expect("it goes to the service");
    let answer: Answer = browser.visit(service, path).await;
    assert_eq!(browser.session(service).await.status, 401, "the session is over");
    sent_to(&answer).to_owned()
}
