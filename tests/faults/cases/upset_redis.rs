//! A Redis that is there, and does not do what it should.

use std::{sync::Arc, time::Duration};

use saoma_servers::{Postgres, RedisServer};

use super::form;
use crate::{
    load::{Load, People},
    site::{Confirm, Site},
};

const PAUSE: Duration = Duration::from_secs(5);
const BETWEEN: Duration = Duration::from_secs(1);
const FLUSH_EVERY: Duration = Duration::from_millis(100);

/// Lets logins go on while something is done to Redis, several times in the full form.
async fn while_redis(confirm: Confirm, what: &str, upset: impl AsyncFn(&RedisServer)) {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    let site = Arc::new(Site::start_asking(confirm, 2, &redis.url(), &postgres.url("saoma")).await);
    let people = People::register(&site).await;
    let load = Load::endless(&site, &people);
    let mut meanwhile = 0;
    for _ in 0..form(1, 5) {
        load.go_on(BETWEEN).await;
        let before = load.done();
        upset(&redis).await;
        meanwhile += load.done() - before;
    }
    load.go_on(BETWEEN).await;
    load.end().await.print(&format!("{}{what} ({meanwhile} logins ended meanwhile)", confirm.said()));
    assert!(meanwhile > 0, "logins go on");
}

pub(super) async fn logins_go_on_while_redis_is_slow() {
    slow(Confirm::Nothing).await;
}

pub(super) async fn so_do_those_whose_phones_are_asked() {
    slow(Confirm::Click).await;
}

async fn slow(confirm: Confirm) {
    while_redis(confirm, "Redis pauses for 5 s", async |redis| {
        redis.ask(&["CLIENT", "PAUSE", &PAUSE.as_millis().to_string(), "ALL"]).unwrap();
        tokio::time::sleep(PAUSE).await;
    })
    .await;
}

pub(super) async fn logins_go_on_while_redis_is_full() {
    while_redis(Confirm::Nothing, "Redis is full for 5 s", async |redis| {
        redis.ask(&["CONFIG", "SET", "maxmemory", "1"]).unwrap();
        tokio::time::sleep(PAUSE).await;
        redis.ask(&["CONFIG", "SET", "maxmemory", "0"]).unwrap();
    })
    .await;
}

pub(super) async fn logins_go_on_while_redis_forgets_its_scripts() {
    while_redis(Confirm::Nothing, "Redis's scripts flushed at 10 Hz for 5 s", async |redis| {
        for _ in 0..PAUSE.as_millis() / FLUSH_EVERY.as_millis() {
            redis.ask(&["SCRIPT", "FLUSH"]).unwrap();
            tokio::time::sleep(FLUSH_EVERY).await;
        }
    })
    .await;
}
