//! How long a login takes with and without a relay, and what the relay adds to a message.

use std::{sync::Arc, time::Duration};

use saoma_api::SystemClock;
use saoma_domain::ports::Clock;
use saoma_sandbox::{OfficialAccount, Person};
use saoma_wechat::callback::{CallbackSender, message_xml};
use tokio::time::Instant;

use super::{ALONE, RELAYED};
use crate::{
    common::bot::ForeignBot,
    load::{Client, People, say, wait_for_state},
    site::Site,
};

/// As often each is done before it is measured.
const WARM_UP: usize = 20;

/// The profile that the nodes were built with: figures of debug builds are for comparing, not for telling.
const BUILD: &str = if cfg!(debug_assertions) { "debug" } else { "release" };

/// Measures both and prints them.
pub(super) async fn measure(site: &Site, people: &People, bot: &ForeignBot, times: usize) {
    let (with, without) = logins(site, people, times).await;
    say(&format!(
        "a login from scan to client ({BUILD} build, {times} each, each beside a message): {} with a relay, {} without; {:.2} and \
         {:.2} times as long",
        with.said(),
        without.said(),
        with.median.as_secs_f64() / without.median.as_secs_f64(),
        with.p99.as_secs_f64() / without.p99.as_secs_f64(),
    ));
    let [through, direct, alone] = messages(site, bot, times).await;
    say(&format!(
        "a message ({BUILD} build, {times} each): {} through the relay, {} to the bot itself, {} without a relay; added are {:.2} ms \
         (median) and {:.2} ms (p99)",
        through.said(),
        direct.said(),
        alone.said(),
        added(through.median, direct.median),
        added(through.p99, direct.p99),
    ));
}

fn added(with: Duration, without: Duration) -> f64 {
    (with.as_secs_f64() - without.as_secs_f64()) * 1000.0
}

/// The middle and the end of what was measured.
struct Spread {
    median: Duration,
    p99: Duration,
}

impl Spread {
    fn of(mut all: Vec<Duration>) -> Self {
        all.sort_unstable();
        Self { median: all[all.len() / 2], p99: all[all.len() * 99 / 100] }
    }

    fn said(&self) -> String {
        format!("{:.2?} (p99 {:.2?})", self.median, self.p99)
    }
}

/// Logs a person in by one account and by the other in turn, each time while another person writes to that account.
async fn logins(site: &Site, people: &People, times: usize) -> (Spread, Spread) {
    let client = Client::new(&site.balancer.url, Arc::default());
    let (person, writer) = (&people.known()[0], &people.known()[1]);
    for account in [RELAYED, ALONE] {
        writer.follow(account).await.unwrap();
    }
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for round in 0..times + WARM_UP {
        for (account, took) in [(RELAYED, &mut with), (ALONE, &mut without)] {
            let (login, _) =
                tokio::join!(login(&client, person, account), writer.send_text(account, "hello"));
            if round >= WARM_UP {
                took.push(login);
            }
        }
    }
    (Spread::of(with), Spread::of(without))
}

/// Returns how long it took from the scan until the client was told.
async fn login(client: &Client, person: &Person, account: &str) -> Duration {
    let login = client.start_at(account).await;
    let begin = Instant::now();
    let (scanned, (answer, at)) = tokio::join!(person.scan(&login.qr), wait_for_state(client, &login));
    scanned.unwrap();
    assert_eq!(answer.says(), "registered", "{}", answer.json);
    at - begin
}

/// Sends messages as WeChat does: to the service, to the bot itself, and to an account with nothing behind it.
async fn messages(site: &Site, bot: &ForeignBot, times: usize) -> [Spread; 3] {
    let node = site.node(0).await.url.clone();
    let targets = [
        (OfficialAccount::demo(), format!("{node}/wechat/{RELAYED}/callback")),
        (OfficialAccount::demo(), bot.url()),
        (super::alone(), format!("{node}/wechat/{ALONE}/callback")),
    ];
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut took = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..times + WARM_UP {
        for ((account, url), took) in targets.iter().zip(&mut took) {
            let request = text(&client, account, url, round);
            let begin = Instant::now();
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 200);
            answer.bytes().await.unwrap();
            if round >= WARM_UP {
                took.push(begin.elapsed());
            }
        }
    }
    took.map(Spread::of)
}

/// Makes the request that brings a text to an account's callback.
fn text(
    client: &reqwest::Client,
    account: &OfficialAccount,
    url: &str,
    number: usize,
) -> reqwest::RequestBuilder {
    let now = SystemClock.now();
    let message = message_xml(&[
        ("ToUserName", &account.original_id),
        ("FromUserName", "oMEASUREDMEASUREDMEASURED001"),
        ("CreateTime", &now.as_secs().to_string()),
        ("MsgType", "text"),
        ("Content", "hello"),
        ("MsgId", &(900_000_000 + number).to_string()),
    ]);
    let push = CallbackSender::new(&account.callback_config()).unwrap().push(
        &account.original_id,
        &message,
        now,
        &number.to_string(),
        &[7; 16],
    );
    client.post(url).query(&push.query).header("Content-Type", "text/xml").body(push.body)
}
