//! The client's side of logins: a device's, and one that comes with cookies.

use std::{net::SocketAddr, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use saoma_domain::{
    account::AccountId,
    keys::{KeyRing, ServerKey},
    login::{AuthenticatedLogin, LoginId, PollToken},
    session::SessionToken,
};

use crate::{
    http::{Connection, request},
    load::{self, Requests, insist},
    scans, wechat,
};

/// The key of the service, in hex.
pub(crate) const KEY: &str = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";

/// How long the logins live that are made here.
const LIFETIME: Duration = Duration::from_secs(1700);

/// A login that waits for its scan.
#[derive(Clone)]
pub(crate) struct Login {
    pub(crate) id: String,
    pub(crate) poll_token: String,
}

impl Login {
    /// Makes a login as the service with this key would: its id needs no store.
    pub(crate) fn issue(number: u64) -> Self {
        let mut secret = [7; 32];
        secret[..8].copy_from_slice(&number.to_be_bytes());
        let poll_token = URL_SAFE_NO_PAD.encode(secret);
        let id =
            LoginId::issue(&PollToken::parse(&poll_token).unwrap(), scans::now().plus(LIFETIME), &keys());
        Self { id: id.to_string(), poll_token }
    }

    /// Returns the head of a device that shows its poll token.
    fn bearer(&self) -> String {
        format!("Authorization: Bearer {}\r\n", self.poll_token)
    }

    /// Returns the head of a browser that sends it as its cookie.
    fn cookie(&self) -> String {
        format!("Cookie: saoma_login={}\r\n", self.poll_token)
    }

    /// Asks how it stands, as a device.
    pub(crate) fn poll(&self) -> Vec<u8> {
        request("GET", &format!("/v1/logins/{}", self.id), &self.bearer(), "")
    }

    /// Asks how it stands, as a browser.
    pub(crate) fn poll_with_cookie(&self) -> Vec<u8> {
        request("GET", &format!("/v1/logins/{}", self.id), &self.cookie(), "")
    }

    /// Waits for 60 s, as a device.
    pub(crate) fn long_poll(&self) -> Vec<u8> {
        request("GET", &format!("/v1/logins/{}?wait=60", self.id), &self.bearer(), "")
    }

    /// Asks for an SMS code to the phone of a new person.
    pub(crate) fn ask_for_code(&self, person: u64) -> Vec<u8> {
        self.post("sms-codes", &format!("{{\"phone\":\"{}\"}}", new_phone(person)))
    }

    /// Binds that phone with the code that was sent to it.
    pub(crate) fn bind(&self, person: u64) -> Vec<u8> {
        let phone = new_phone(person);
        let code = wechat::sms_code(&phone).expect("a code was sent");
        self.post("phone", &format!("{{\"phone\":\"{phone}\",\"code\":\"{code}\"}}"))
    }

    fn post(&self, below: &str, body: &str) -> Vec<u8> {
        let lines = format!("{}Content-Type: application/json\r\n", self.bearer());
        request("POST", &format!("/v1/logins/{}/{below}", self.id), &lines, body)
    }

    /// Opens the events after the first version, as a device or as a browser.
    pub(crate) fn events(&self, as_device: bool) -> Vec<u8> {
        let lines = if as_device { self.bearer() } else { self.cookie() };
        request("GET", &format!("/v1/logins/{}/events", self.id), &format!("{lines}Last-Event-ID: 1\r\n"), "")
    }
}

/// A session that was issued long ago, and that no cache knows.
pub(crate) struct OldSession {
    pub(crate) number: u64,
    pub(crate) login: String,
    pub(crate) account: AccountId,
    pub(crate) hash: [u8; 32],
    /// What its client shows.
    pub(crate) token: String,
}

/// Makes a session of a person as the service with this key would.
pub(crate) fn old_session(number: u64, person: u64) -> OldSession {
    let login = Login::issue(u64::MAX / 2 + number);
    let proven = AuthenticatedLogin::verify(&login.id, &login.poll_token, &keys()).unwrap();
    let account = AccountId::parse(&format!("00000000-0000-7000-8000-{person:012x}")).unwrap();
    let token = SessionToken::derive(&key(), &proven, account);
    let (hash, token) = (*token.hash().as_bytes(), token.reveal().to_string());
    OldSession { number, login: login.id, account, hash, token }
}

fn key() -> ServerKey {
    ServerKey::new([0x5a; 32])
}

fn keys() -> KeyRing {
    KeyRing::new(key(), Vec::new())
}

/// Returns the phone number of a new person.
fn new_phone(person: u64) -> String {
    format!("+86150{person:08}")
}

/// Makes the request for a new login of a device.
pub(crate) fn create() -> Vec<u8> {
    let body = "{\"channel\":\"official_account\",\"client\":\"device\"}";
    request("POST", "/v1/logins", "Content-Type: application/json\r\n", body)
}

/// Makes the check of a session, by its cookie.
pub(crate) fn check(session: &str) -> Vec<u8> {
    request("GET", "/v1/session", &format!("Cookie: saoma_session={session}\r\n"), "")
}

/// Makes the question of a proxy whether a browser's session lets it to a page, as nginx asks.
pub(crate) fn forward_auth(session: &str) -> Vec<u8> {
    let page = "X-Original-URI: /orders?page=2\r\nX-Original-Host: 127.0.0.1\r\nX-Original-Method: GET\r\n";
    request("GET", "/v1/forward-auth", &format!("Cookie: saoma_session={session}\r\n{page}"), "")
}

/// Asks for a signed token about a session, by a device.
pub(crate) fn signed_token(session: &str) -> Vec<u8> {
    let headers = format!("Authorization: Bearer {session}\r\nContent-Type: application/json\r\n");
    request("POST", "/v1/session/token", &headers, r#"{"audience": "bench"}"#)
}

/// Makes the end of a session, by a device.
pub(crate) fn log_out(session: &str) -> Vec<u8> {
    request("DELETE", "/v1/session", &format!("Authorization: Bearer {session}\r\n"), "")
}

/// Makes logins ask the service for new logins, so many at a time.
pub(crate) async fn start(address: SocketAddr, connections: usize, logins: usize) -> Vec<Login> {
    let requests = Requests::new(vec![create(); logins], 201);
    load::each(address, connections, &requests, |answer| Login {
        id: answer.text_after("\"id\":\"").expect("an id"),
        poll_token: answer.text_after("\"poll_token\":\"").expect("a poll token"),
    })
    .await
}

/// Logs a person in over one connection, checks the session and logs out.
pub(crate) async fn whole(connection: &mut Connection, person: u64) {
    let answer = insist(connection, &create()).await;
    assert_eq!(answer.status, 201, "{}", answer.said());
    let login = Login {
        id: answer.text_after("\"id\":\"").expect("an id"),
        poll_token: answer.text_after("\"poll_token\":\"").expect("a poll token"),
    };
    let answer = insist(connection, &scans::scan(person, &login.id)).await;
    assert_eq!(answer.status, 200, "{}", answer.said());
    let answer = insist(connection, &login.poll()).await;
    let session = answer.text_after("\"token\":\"").unwrap_or_else(|| panic!("a session: {}", answer.said()));
    let answer = insist(connection, &check(&session)).await;
    assert_eq!(answer.status, 200, "{}", answer.said());
    let answer = insist(connection, &log_out(&session)).await;
    assert_eq!(answer.status, 204, "{}", answer.said());
}

/// Returns the tokens of sessions of so many persons, from the first on.
pub(crate) async fn sessions(address: SocketAddr, persons: u64) -> Vec<String> {
    let logins: Vec<Login> = (0..persons).map(|number| Login::issue(u64::MAX - number)).collect();
    let scans = logins.iter().zip(0..).map(|(login, person)| scans::scan(person, &login.id)).collect();
    load::each(address, 8, &Requests::new(scans, 200), |_| ()).await;
    let polls = logins.iter().map(Login::poll).collect();
    load::each(address, 8, &Requests::new(polls, 200), |answer| {
        answer.text_after("\"token\":\"").unwrap_or_else(|| panic!("a session: {}", answer.said()))
    })
    .await
}
