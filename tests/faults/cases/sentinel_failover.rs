//! A primary that dies, and takes its last writes along.

use std::{sync::Arc, time::Duration};

use saoma_servers::{Direction, Fault, FaultProxy, Postgres, RedisSentinel, RedisServer, eventually};

use super::form;
use crate::{
    load::{Load, People, say},
    site::{Confirm, Site},
};

/// For how long the replicas hear nothing before the primary dies.
const CUT_OFF: Duration = Duration::from_millis(300);

/// How long logins go on undisturbed between two failovers.
const BETWEEN: Duration = Duration::from_secs(1);

pub(super) async fn no_login_is_lost_with_what_a_primary_forgets() {
    fail_over_often(Confirm::Nothing, form(3, 10)).await;
}

pub(super) async fn nor_is_one_whose_phone_is_asked() {
    fail_over_often(Confirm::Click, form(2, 10)).await;
}

async fn fail_over_often(confirm: Confirm, rounds: usize) {
    let (mut redis, postgres) = (RedisSentinel::start().unwrap(), Postgres::start().unwrap());
    let site = Arc::new(Site::start_asking(confirm, 2, &redis.url(), &postgres.url("saoma")).await);
    let people = People::register(&site).await;
    let load = Load::endless(&site, &people);
    let mut forgotten = 0;
    for _ in 0..rounds {
        load.go_on(BETWEEN).await;
        forgotten += fail_over(&mut redis).await;
    }
    load.go_on(BETWEEN).await;
    let asked = confirm.said();
    load.end()
        .await
        .print(&format!("{asked}{rounds} times failover to a replica cut off {CUT_OFF:?} before"));
    say(&format!("failover: {forgotten} keys were forgotten"));
    assert!(forgotten > 0, "a failover that forgets nothing shows nothing");
}

/// Kills a primary that its replicas no longer hear, waits until another one has its place and all others follow,
/// and returns how many keys were forgotten.
async fn fail_over(redis: &mut RedisSentinel) -> u64 {
    let old = redis.primary().unwrap();
    let proxy = FaultProxy::before(redis.servers()[old].port()).unwrap();
    follow(redis, old, proxy.port()).await;
    proxy.set(Direction::Both, Fault::BlackHole);
    tokio::time::sleep(CUT_OFF).await;
    let kept =
        redis.servers().iter().enumerate().filter(|(at, _)| *at != old).map(|(_, server)| keys(server));
    let kept = kept.max().unwrap();
    let forgotten = keys(&redis.servers()[old]).saturating_sub(kept);
    redis.servers()[old].kill();
    let new = eventually("another primary is named", async || {
        redis.primary().ok().filter(|primary| *primary != old)
    })
    .await;
    redis.servers()[old].restart().unwrap();
    let port = redis.servers()[new].port();
    follow(redis, new, port).await;
    forgotten
}

/// Has all but the primary follow what is found on a port, and returns once they do.
async fn follow(redis: &mut RedisSentinel, primary: usize, port: u16) {
    let port = port.to_string();
    for (_, replica) in redis.servers().iter().enumerate().filter(|(at, _)| *at != primary) {
        eventually("a replica follows", async || {
            let state = replica.ask(&["INFO", "replication"]).ok()?;
            if !state.contains(&format!("master_port:{port}\n")) {
                replica.ask(&["REPLICAOF", "127.0.0.1", &port]).ok()?;
            }
            state.contains("master_link_status:up").then_some(())
        })
        .await;
    }
}

fn keys(server: &RedisServer) -> u64 {
    server.ask(&["DBSIZE"]).unwrap().trim().parse().unwrap()
}
