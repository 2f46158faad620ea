//! A Redis that is killed, and comes back with nothing in it.

use std::{sync::Arc, time::Duration};

use saoma_servers::{Postgres, RedisServer};

use super::form;
use crate::{
    load::{Client, Load, People, say},
    site::{Confirm, Site},
};

/// For how long it is away every other time; otherwise it is back as soon as it can be.
const AWAY: Duration = Duration::from_millis(700);

pub(super) async fn no_login_is_lost_with_redis_and_sessions_last() {
    kill(Confirm::Nothing, form((400, 6), (2000, 20))).await;
}

pub(super) async fn nor_is_one_whose_phone_is_asked() {
    kill(Confirm::Click, form((200, 4), (2000, 20))).await;
}

async fn kill(confirm: Confirm, (logins, kills): (usize, usize)) {
    let (mut redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    let site = Arc::new(Site::start_asking(confirm, 2, &redis.url(), &postgres.url("saoma")).await);
    let people = People::register_for(&site, logins).await;
    let before = people.sessions();
    let client = Client::new(&site.balancer.url, Arc::default());
    let (mut load, mut checked) = (Load::start(&site, &people, logins), 0);
    for kill in 1..=kills {
        load.reached(logins * kill / (kills + 1)).await;
        redis.kill();
        checked += people.check_sessions(&client, &before).await;
        if kill % 2 == 0 {
            tokio::time::sleep(AWAY).await;
        }
        redis.restart().unwrap();
        checked += people.check_sessions(&client, &before).await;
    }
    load.end().await.print(&format!("{}{kills} times Redis killed and started empty", confirm.said()));
    let all = people.check_sessions(&client, &people.sessions()).await;
    say(&format!(
        "Redis killed and started empty: {checked} checks of sessions from before and {all} of all: all good"
    ));
}
