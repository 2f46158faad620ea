//! OpenID's token endpoint and introspection, beside the check of a session.

use super::{Bench, row};
use crate::{
    http::{Connection, request},
    load::{self, Requests, count, micros},
    logins::{self, check},
    machine,
    product::Product,
    stores::Beside,
};

/// How many persons log in, and how many codes each is given in a round: an account is shown to clients 120 times a
/// minute at the most, and a client may call 6,000 times.
const PERSONS: u64 = 64;
const CODES: usize = 14;

/// The first one prepares statements and fills caches.
const ROUNDS: usize = 3;

/// The client, whose ID tokens are signed as most clients want it.
const CLIENT: [(&str, &str); 4] = [
    ("oidc.clients.0.id", "relying-party"),
    ("oidc.clients.0.secret", "a-secret-of-more-than-32-characters-"),
    ("oidc.clients.0.redirect_uris", "https://client.example/back"),
    ("oidc.clients.0.trusted", "true"),
];

pub(super) async fn measure(bench: &Bench) {
    for beside in Beside::BOTH {
        let product = bench.stores.product_with(&bench.program, beside, PERSONS, &CLIENT).await.0;
        let sessions = logins::sessions(product.address, PERSONS).await;
        let checks = Requests::new(sessions.iter().map(|token| check(token)).collect(), 200);
        let (mut checked, mut tokens, mut introspections) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let check = load::cost(product.process(), product.address, &checks).await;
            let codes = codes(&product, &sessions).await;
            let (token, issued) = cost(&product, codes.iter().map(|code| redeem(code))).await;
            let (introspection, _) = cost(&product, issued.iter().map(|token| introspect(token))).await;
            if round > 0 {
                checked.push(check);
                tokens.push(token);
                introspections.push(introspection);
            }
        }
        for (what, figures) in [("a code for tokens", tokens), ("introspection", introspections)] {
            let ratios = figures.iter().zip(&checked).map(|(ours, check)| ours / check).collect();
            row(&format!("OpenID, {what} ÷ session check"), beside.name(), ratios, "");
            row("its processor time", beside.name(), figures, " µs");
        }
    }
}

/// Returns the microseconds of processor time for one of some requests, and the access tokens in the answers.
async fn cost(product: &Product, requests: impl Iterator<Item = Vec<u8>>) -> (f64, Vec<String>) {
    let requests = Requests::new(requests.collect(), 200);
    let before = machine::cpu(product.process());
    let read =
        |answer: &crate::http::Answer<'_>| answer.text_after("\"access_token\":\"").unwrap_or_default();
    let issued = load::each(product.address, 16, &requests, read).await;
    (micros(machine::cpu(product.process()) - before) / count(issued.len()), issued)
}

/// Lets each person be sent back to the client with codes.
async fn codes(product: &Product, sessions: &[String]) -> Vec<String> {
    let mut connection = Connection::open(product.address).await.unwrap();
    let mut codes = Vec::new();
    for session in sessions {
        let path = "/oauth2/authorize?response_type=code&client_id=relying-party&scope=openid\
                    &redirect_uri=https%3A%2F%2Fclient.example%2Fback&state=s";
        let asked = request("GET", path, &format!("Cookie: saoma_session={session}\r\n"), "");
        for _ in 0..CODES {
            connection.exchange(&asked).await.unwrap();
            let said = connection.last().said();
            codes.push(connection.last_head_value("code=").unwrap_or_else(|| panic!("a code: {said}")));
        }
    }
    codes
}

fn redeem(code: &str) -> Vec<u8> {
    let back = "redirect_uri=https%3A%2F%2Fclient.example%2Fback";
    of_client("/oauth2/token", &format!("grant_type=authorization_code&code={code}&{back}"))
}

fn introspect(token: &str) -> Vec<u8> {
    of_client("/oauth2/introspect", &format!("token={token}"))
}

fn of_client(path: &str, form: &str) -> Vec<u8> {
    let [(_, id), (_, secret), ..] = CLIENT;
    let form = format!("{form}&client_id={id}&client_secret={secret}");
    request("POST", path, "Content-Type: application/x-www-form-urlencoded\r\n", &form)
}
