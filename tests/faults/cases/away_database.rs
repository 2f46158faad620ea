//! A database that is away for ten seconds.

use std::{sync::Arc, time::Duration};

use reqwest::Method;
use saoma_sandbox::{DeliveryOutcome, Person, Reaction};
use saoma_servers::{Direction, Fault, FaultProxy, Postgres, RedisServer};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::{
    load::{Client, Figures, People, Started, is_honest_503, say, wait_for_state},
    site::Site,
};

const AWAY: Duration = Duration::from_secs(10);

/// How many people log in meanwhile, each scanning again and again.
const PEOPLE: usize = 10;

/// How soon all is well once it is back.
const HEALED: Duration = Duration::from_secs(2);

/// How long a person looks at the phone until they scan again.
const SECOND_THOUGHTS: Duration = Duration::from_millis(250);

pub(super) async fn nothing_is_acknowledged_while_the_database_says_nothing() {
    while_away("says nothing", async |proxy| proxy.set(Direction::Both, Fault::BlackHole)).await;
}

pub(super) async fn nothing_is_acknowledged_while_the_database_refuses() {
    while_away("refuses", async |proxy| proxy.refuse().await).await;
}

async fn while_away(how: &str, lose: impl AsyncFnOnce(&FaultProxy)) {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    let proxy = FaultProxy::before(postgres.port()).unwrap();
    let site = Site::start(2, &redis.url(), &proxy.instead_of(&postgres.url("saoma"))).await;
    let people = People::register(&site).await;
    let figures = Arc::new(Figures::default());
    let client = Arc::new(Client::new(&site.balancer.url, Arc::clone(&figures)));
    let sessions = people.sessions();
    let (mut phones, mut clients) = (JoinSet::new(), JoinSet::new());
    let mut logins = Vec::new();
    for person in people.known().iter().take(PEOPLE) {
        logins.push((person.clone(), Arc::new(client.start().await)));
    }
    lose(&proxy).await;
    let lost_at = Instant::now();
    for (person, login) in logins {
        phones.spawn(until_acknowledged(person.clone(), Arc::clone(&login), Arc::clone(&figures)));
        let (client, people) = (Arc::clone(&client), Arc::clone(&people));
        clients.spawn(async move { until_registered(&client, &people, &person, &login).await });
    }
    let (checks, told) = check_sessions_until(&client, &sessions, lost_at + AWAY).await;
    let (early, known) = (phones.try_join_next(), clients.try_join_next());
    assert!(early.is_none() && known.is_none(), "nothing is acknowledged or told while it is away");
    proxy.heal().await;
    let back_at = Instant::now();
    let acknowledged = phones.join_all().await.into_iter().max().unwrap() - back_at;
    let registered = clients.join_all().await.into_iter().max().unwrap() - back_at;
    people.check_sessions(&client, &sessions).await;
    let (healed, report) = (back_at.elapsed(), figures.report());
    say(&format!(
        "database {how} for 10 s: {PEOPLE} people: 0 scans acknowledged meanwhile, {} sent in vain; {checks} checks of sessions: \
         {told} told, the others 503; {} requests of clients refused (503), {} dishonest; once it was back all \
         scans were acknowledged after {acknowledged:.1?}, all clients knew after {registered:.1?}, all was well \
         after {healed:.1?}",
        report.rescanned,
        report.refused,
        report.dishonest.len()
    ));
    assert!(report.dishonest.is_empty() && report.wrong == 0, "{report:?}");
    assert!(acknowledged.max(registered) <= HEALED);
    site.assert_sound().await;
}

/// Has a person scan until WeChat got an answer, and returns when that was.
async fn until_acknowledged(person: Person, login: Arc<Started>, figures: Arc<Figures>) -> Instant {
    loop {
        let reaction = person.scan(&login.qr).await.unwrap();
        if !matches!(reaction.outcomes().first(), Some(DeliveryOutcome::Fault(_))) {
            assert!(reaction.reply().is_some(), "{reaction:?}");
            return Instant::now();
        }
        if let Reaction::Sent { deliveries, .. } = &reaction {
            let said = deliveries.iter().flat_map(|delivery| &delivery.attempts);
            for status in said.filter_map(|attempt| attempt.status).filter(|status| *status != 503) {
                figures.dishonest(format!("WeChat was told {status}"));
            }
        }
        figures.rescanned();
        sleep(SECOND_THOUGHTS).await;
    }
}

/// Waits for a login's session, and returns when it was there.
async fn until_registered(client: &Client, people: &People, person: &Person, login: &Started) -> Instant {
    let (answer, at) = wait_for_state(client, login).await;
    let account = answer.json["account"]["id"].as_str().unwrap_or_default();
    if answer.says() != "registered" || !people.owns(person, account) {
        client.figures.wrong();
    }
    at
}

/// Checks sessions one after the other, and returns how often, and how often the answer was whose they are.
async fn check_sessions_until(
    client: &Client,
    sessions: &[(String, String)],
    end: Instant,
) -> (usize, usize) {
    let (mut checks, mut told) = (0, 0);
    while Instant::now() < end {
        let (token, account) = &sessions[checks % sessions.len()];
        let answer = client.once(Method::GET, "/v1/session", token, None).await.unwrap();
        checks += 1;
        if answer.status == 200 {
            assert_eq!(answer.json["account"]["id"], account.as_str());
            told += 1;
        } else if !is_honest_503(&answer) {
            client.figures.dishonest(format!("{} {}", answer.status, answer.json));
        }
        sleep(SECOND_THOUGHTS).await;
    }
    (checks, told)
}
