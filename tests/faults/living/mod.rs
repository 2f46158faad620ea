//! A living account: people log in by it, and write, tap and follow; a bot of the site's own stands behind the relay.

mod latency;
mod truth;

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use reqwest::Method;
use saoma_sandbox::{DeliveryPolicy, OfficialAccount, Person};
use serde_json::{Value, json};

use crate::{
    common::{
        bot::ForeignBot,
        site_keys::{EVERY_SCOPE, ROOT, key_settings},
    },
    load::{Load, People, Turn, WORKERS, log_in},
    site::{Plan, Site, random},
};

/// The account with the bot behind it, and the one with nothing behind it.
const RELAYED: &str = "main";
const ALONE: &str = "second";

/// How many people have accounts from the start.
const PEOPLE: usize = 4 * WORKERS;

/// How much is done to the account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    /// How many events, a third of them logins.
    pub(crate) events: usize,
    /// How often a node is killed.
    pub(crate) kills: usize,
}

/// Lets an account live on a site of so many nodes, and checks all that WeChat was told.
pub(crate) async fn live(nodes: usize, store: &str, database: &str, scale: Scale) {
    let Some(mut bot) = ForeignBot::find("wechatpy") else { return };
    bot.start().await;
    let delivery = DeliveryPolicy {
        one_lost_in: 25,
        one_twice_in: 20,
        retry_delay: Duration::from_millis(200),
        ..DeliveryPolicy::default()
    };
    let site = Site::launch(Plan { delivery, ..plan(nodes, store, database, &bot) }).await;
    let site = Arc::new(site);
    let people = People::register_so_many(&site, PEOPLE).await;
    let code: Arc<str> = site_code(&site).await.into();
    let deed = move |turn: Turn| -> BoxFuture<'static, ()> { Box::pin(act(turn, Arc::clone(&code))) };
    let mut load = Load::of(&site, &people, scale.events, Arc::new(deed));
    for kill in 1..=scale.kills {
        let reached = scale.events * kill / (scale.kills + 1);
        load.reached(reached).await;
        site.replace(random(site.size())).await;
        if kill == scale.kills / 2 {
            bot.kill().await;
            load.reached(reached + scale.events / 50).await;
            bot.start().await;
        }
    }
    let what = format!(
        "living account, {nodes} node{} on {}, {} events, {} times kill -9",
        if nodes == 1 { "" } else { "s" },
        database.split(':').next().unwrap(),
        scale.events,
        scale.kills
    );
    load.end().await.print(&what);
    truth::check(&site, &bot, &what).await;
}

/// Measures how long logins and messages take with the bot and without, on a node that does nothing else.
pub(crate) async fn measure(store: &str, database: &str, times: usize) {
    let Some(mut bot) = ForeignBot::find("wechatpy") else { return };
    bot.start().await;
    let site = Site::launch(plan(1, store, database, &bot)).await;
    let people = People::register(&site).await;
    latency::measure(&site, &people, &bot, times).await;
    site.assert_sound().await;
}

/// Returns the account with nothing behind it.
fn alone() -> OfficialAccount {
    OfficialAccount {
        name: ALONE.to_owned(),
        app_id: "wx6b1c5d4e3f2a7089".to_owned(),
        original_id: "gh_111111111111".to_owned(),
        ..OfficialAccount::demo()
    }
}

fn plan(nodes: usize, store: &str, database: &str, bot: &ForeignBot) -> Plan {
    let mut settings = key_settings(0, "root", ROOT, EVERY_SCOPE).to_vec();
    settings.push(("wechat.apps.0.relay_url".to_owned(), bot.url()));
    Plan { accounts: vec![OfficialAccount::demo(), alone()], settings, ..Plan::new(nodes, store, database) }
}

/// Does one thing: of twelve, four are logins, one of them of a person who is new.
async fn act(turn: Turn, code: Arc<str>) {
    let Turn { site, people, client, worker, number } = turn;
    let person = people.somebody_of(worker);
    match number % 12 {
        0 | 3 | 6 => log_in(&client, &people, &person).await,
        9 => log_in(&client, &people, &people.somebody_new(&site)).await,
        step => speak(&person, step, number, &code).await,
    }
}

/// Says or does something that is about no login.
async fn speak(person: &Person, step: usize, number: usize, code: &str) {
    let said = match step {
        7 => person.scan(code).await,
        _ if !person.follows(RELAYED) => person.follow(RELAYED).await,
        2 | 8 => person.tap_menu(RELAYED, &format!("menu-{number}")).await,
        5 => person.send_picture(RELAYED).await,
        10 => person.unfollow(RELAYED).await,
        _ => person.send_text(RELAYED, &format!("text {number}")).await,
    };
    said.unwrap();
}

/// Makes a QR code with a scene of the site's own, and returns what it says.
async fn site_code(site: &Site) -> String {
    let made = call(site, Method::POST, "/wechat/main/qrcodes", Some(json!({"scene": "table-7"}))).await;
    made["content"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
}

/// Calls the site API of the first node.
async fn call(site: &Site, method: Method, path: &str, body: Option<Value>) -> Value {
    let url = format!("{}/v1/admin{path}", site.node(0).await.admin_url);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.request(method, url).bearer_auth(ROOT);
    let request = body.into_iter().fold(request, |request, body| request.json(&body));
    request.send().await.unwrap().json().await.unwrap()
}
