//! What WeChat was told of, against what the bot and the journal have.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use reqwest::Method;
use saoma_sandbox::{DeliveryOutcome, Event, EventKind};
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::time::{Instant, sleep};

use super::{RELAYED, call};
use crate::{
    common::bot::{ForeignBot, Heard},
    load::say,
    site::Site,
};

/// Longer than a message that a dead node had claimed is left alone, and the pause until its next try.
const DELIVERED_WITHIN: Duration = Duration::from_secs(150);

/// An event as the sandbox has it.
struct Told {
    heard: Heard,
    is_login: bool,
    is_acknowledged: bool,
}

/// Checks that all that was acknowledged to WeChat is with the bot and in the journal, in each person's order.
pub(super) async fn check(site: &Site, bot: &ForeignBot, what: &str) {
    let told: Vec<Told> =
        site.sandbox.events(0).iter().filter(|event| event.account == RELAYED).map(read).collect();
    let acknowledged: Vec<&Told> = told.iter().filter(|told| told.is_acknowledged).collect();
    let (logins, messages): (Vec<&Told>, Vec<&Told>) =
        acknowledged.iter().copied().partition(|told: &&Told| told.is_login);
    let waited = until_taken(bot, &messages).await;
    let taken = bot.taken();
    check_order(&messages, &taken);
    let different: HashSet<&Heard> = taken.iter().collect();
    assert!(!logins.iter().any(|login| different.contains(&login.heard)), "logins stay with us");
    let journal = journal(site).await;
    let missing: Vec<&Heard> =
        acknowledged.iter().map(|told| &told.heard).filter(|heard| !journal.contains(*heard)).collect();
    assert!(missing.is_empty(), "{} are not in the journal: {missing:?}", missing.len());
    say(&format!(
        "{what}: {} events, {} acknowledged to WeChat ({} scans of logins, {} others): 0 lost to the bot, 0 lost to the journal, \
         each person's in order; the bot took {} of them more than once and had the last one {waited:.1?} after the end",
        told.len(),
        acknowledged.len(),
        logins.len(),
        messages.len(),
        taken.len() - different.len(),
    ));
}

/// Waits until the bot has all of these, and returns how long that took.
async fn until_taken(bot: &ForeignBot, messages: &[&Told]) -> Duration {
    let begin = Instant::now();
    loop {
        let taken: HashSet<Heard> = bot.taken().into_iter().collect();
        let missing: Vec<&Heard> =
            messages.iter().map(|told| &told.heard).filter(|heard| !taken.contains(*heard)).collect();
        if missing.is_empty() {
            return begin.elapsed();
        }
        assert!(begin.elapsed() < DELIVERED_WITHIN, "{} are lost to the bot: {missing:?}", missing.len());
        sleep(Duration::from_millis(200)).await;
    }
}

/// Checks that the bot has first taken each person's messages in the order in which the person sent them.
fn check_order(messages: &[&Told], taken: &[Heard]) {
    let wanted = by_person(messages.iter().map(|told| &told.heard));
    let is_wanted: HashSet<&Heard> = messages.iter().map(|told| &told.heard).collect();
    let got = by_person(taken.iter().filter(|heard| is_wanted.contains(heard)));
    for (person, sent) in wanted {
        assert_eq!(got[person], sent, "the order of {person}");
    }
}

/// Sorts messages by person, without repetitions.
fn by_person<'a>(all: impl Iterator<Item = &'a Heard>) -> HashMap<&'a str, Vec<&'a str>> {
    let (mut seen, mut sorted) = (HashSet::new(), HashMap::<_, Vec<_>>::new());
    for heard in all.filter(|heard| seen.insert(*heard)) {
        sorted.entry(heard.person.as_str()).or_default().push(heard.what.as_str());
    }
    sorted
}

/// Reads an event of the sandbox, and checks what its person was answered.
fn read(event: &Event) -> Told {
    let field = |name: &str| field(&event.body, name).unwrap_or_default();
    let key = field("EventKey");
    let (is_login, content) = (key.contains("login:"), field("Content"));
    for outcome in event.deliveries.iter().map(|delivery| &delivery.outcome) {
        if let (DeliveryOutcome::Reply(reply), EventKind::Text) = (outcome, event.kind) {
            assert_eq!(reply, &format!("echo: {content}"), "each person has the answer to what they wrote");
        }
    }
    let is_acknowledged = event
        .deliveries
        .iter()
        .any(|delivery| matches!(delivery.outcome, DeliveryOutcome::Silent | DeliveryOutcome::Reply(_)));
    let what = match field("MsgId") {
        "" => happened(&field("Event").to_lowercase(), key, event.created_at),
        number => number.to_owned(),
    };
    Told { heard: Heard { person: field("FromUserName").to_owned(), what }, is_login, is_acknowledged }
}

fn happened(event: &str, key: &str, at: i64) -> String {
    format!("{event} {} {at}", key.strip_prefix("qrscene_").unwrap_or(key))
}

/// Returns the text of a field of a message.
fn field<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let text = xml.split_once(&format!("<{name}>"))?.1.split_once(&format!("</{name}>"))?.0;
    Some(text.strip_prefix("<![CDATA[").and_then(|text| text.strip_suffix("]]>")).unwrap_or(text))
}

/// Reads the whole journal of the account by the site API.
async fn journal(site: &Site) -> HashSet<Heard> {
    let (mut entries, mut after) = (HashSet::new(), String::new());
    loop {
        let path = format!("/events?app={RELAYED}&limit=200{after}");
        let page = call(site, Method::GET, &path, None).await;
        entries.extend(page["items"].as_array().unwrap_or_else(|| panic!("{page}")).iter().map(entry));
        let Some(next) = page["next"].as_str() else { return entries };
        after = format!("&after={next}");
    }
}

fn entry(entry: &Value) -> Heard {
    let text = |name: &str| entry[name].as_str().unwrap_or_default();
    let at = OffsetDateTime::parse(text("created_at"), &Rfc3339).unwrap().unix_timestamp();
    let what = match text("msg_id") {
        "" => happened(text("kind"), text("key"), at),
        number => number.to_owned(),
    };
    Heard { person: text("openid").to_owned(), what }
}
