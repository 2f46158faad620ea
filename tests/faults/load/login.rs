//! One login from its beginning to a session that was looked at.

use std::time::Duration;

use saoma_sandbox::{DeliveryOutcome, Person};
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::{
    People,
    client::{Answer, Client, Started},
};
use crate::common::settings::PUBLIC_URL;

/// What the page says once it has let the client in.
const LET_IN: &str = "已确认";

/// How long one request waits.
const WAIT_S: u32 = 20;

/// How long a person looks at the phone until they scan again.
const SECOND_THOUGHTS: Duration = Duration::from_millis(300);

/// Longer than a login lives until it is scanned.
const LIFETIME: Duration = Duration::from_secs(130);

/// How often a code is asked for at the most, and the login looked at once more.
const CODES: usize = 20;
const LOOKS: usize = 2;

/// Logs a person in, counts what becomes of it, and looks at the session.
pub(crate) async fn log_in(client: &Client, people: &People, person: &Person) {
    let login = client.start().await;
    client.figures.began(&login.id);
    let expected = if people.has_account(person) { "registered" } else { "unregistered" };
    let ((told_phone, told_at), (answer, knew_at)) =
        tokio::join!(let_in(client, person, &login), wait_for_state(client, &login));
    match told_at {
        Some(told_at) if answer.says() == expected => {
            client.figures.told_after(knew_at.saturating_duration_since(told_at));
            collect(client, people, person, &login, answer).await;
        }
        Some(_) if ["registered", "unregistered"].contains(&answer.says()) => client.figures.wrong(),
        Some(_) => client.figures.lost(),
        None => client.figures.dishonest(format!("WeChat could never deliver a scan: {told_phone}")),
    }
    client.figures.ended(&login.id);
}

/// Scans, and where the phone is asked, taps on its page. Returns what the phone shows, and since when it is let in.
async fn let_in(client: &Client, person: &Person, login: &Started) -> (String, Option<Instant>) {
    let (shown, told_at) = scan(client, person, login).await;
    let Some(page) = page_of(&shown) else { return (shown, told_at) };
    let answer = client.send_form(page, "answer=yes").await;
    let said = answer.json.as_str().unwrap_or_default().to_owned();
    if !said.contains(LET_IN) {
        client.figures.dishonest(format!("a tap: {} {said}", answer.status));
    }
    (said, told_at.map(|_| Instant::now()))
}

/// Returns the path of the page where a phone is asked, if it is.
fn page_of(shown: &str) -> Option<&str> {
    let (_, link) = shown.split_once(PUBLIC_URL)?;
    link.split('"').next().filter(|path| path.starts_with("/c/"))
}

/// Scans until WeChat has delivered it, and returns what the phone shows and since when.
async fn scan(client: &Client, person: &Person, login: &Started) -> (String, Option<Instant>) {
    let begin = Instant::now();
    let mut shown = String::new();
    while begin.elapsed() < LIFETIME {
        let reaction = person.scan(&login.qr).await.unwrap();
        match reaction.outcomes().first() {
            Some(DeliveryOutcome::Reply(text)) => return (text.clone(), Some(Instant::now())),
            Some(DeliveryOutcome::Silent) => return (String::new(), Some(Instant::now())),
            Some(DeliveryOutcome::Fault(fault)) => shown.clone_from(fault),
            None => return (format!("{reaction:?}"), None),
        }
        client.figures.rescanned();
        sleep(SECOND_THOUGHTS).await;
    }
    (shown, None)
}

/// Waits until a login is in another state than its first, and returns the answer and since when it is known.
pub(crate) async fn wait_for_state(client: &Client, login: &Started) -> (Answer, Instant) {
    let (begin, mut seen) = (Instant::now(), 1);
    loop {
        let answer = client.look(login, WAIT_S, seen).await;
        seen = answer.json["version"].as_u64().unwrap_or(seen);
        if answer.says() != "loop" || begin.elapsed() > LIFETIME {
            return (answer, Instant::now());
        }
    }
}

/// Brings a login that was scanned to its session.
async fn collect(client: &Client, people: &People, person: &Person, login: &Started, scanned: Answer) {
    let registered =
        if scanned.says() == "unregistered" { bind(client, person, login).await } else { Some(scanned) };
    let Some(registered) = registered else { return };
    let (token, seen) = (token_of(&registered), registered.json["version"].as_u64().unwrap_or_default());
    for _ in 0..LOOKS {
        let again = client.look(login, 0, seen).await;
        if again.says() != "registered" {
            client.figures.dishonest(format!("a second look: {} {}", again.status, again.json));
        } else if token_of(&again) != token {
            client.figures.double();
        }
    }
    let answer = client.session(&token).await;
    if answer.status != 200 {
        return client.figures.dishonest(format!("a new session: {} {}", answer.status, answer.json));
    }
    let account = answer.json["account"]["id"].as_str().unwrap_or_default();
    let phone = answer.json["account"]["phone"].as_str().unwrap_or_default();
    let is_theirs = person.phone().get(person.phone().len() - 4..).is_some_and(|end| phone.ends_with(end));
    if !is_theirs || !people.owns(person, account) || registered.json["account"]["id"] != account {
        return client.figures.wrong();
    }
    people.keep_session(token, account.to_owned());
}

fn token_of(answer: &Answer) -> String {
    answer.json["session"]["token"].as_str().unwrap_or_default().to_owned()
}

/// Binds a person's own number; a code that was lost with a store is asked for again.
async fn bind(client: &Client, person: &Person, login: &Started) -> Option<Answer> {
    let mut said = String::new();
    for _ in 0..CODES {
        let asked = client.post(login, "sms-codes", json!({"phone": person.phone()})).await;
        if asked.status != 202 {
            said = format!("asking for a code: {} {}", asked.status, asked.json);
            break;
        }
        let Some(code) = person.sms().last().map(|sms| sms.code.clone()) else { continue };
        let bound = client.post(login, "phone", json!({"phone": person.phone(), "code": code})).await;
        match bound.says() {
            "registered" => return Some(bound),
            "sms_code_expired" | "sms_code_wrong" => said = format!("binding: {}", bound.json),
            _ => {
                said = format!("binding: {} {}", bound.status, bound.json);
                break;
            }
        }
    }
    client.figures.dishonest(said);
    None
}
