//! Slots of a Redis Cluster that move while their logins go on.

use std::{sync::Arc, time::Duration};

use saoma_servers::{Postgres, RedisCluster, RedisServer};

use super::form;
use crate::{
    load::{Load, People},
    site::{Site, random},
};

const PRIMARIES: usize = 3;

/// How long a slot is between two nodes.
const BETWEEN_NODES: Duration = Duration::from_millis(30);

pub(super) async fn logins_go_on_while_their_slots_move() {
    let (mut cluster, postgres) = (RedisCluster::start().unwrap(), Postgres::start().unwrap());
    let site = Arc::new(Site::start(2, &cluster.url(), &postgres.url("saoma")).await);
    let people = People::register(&site).await;
    let primaries = &cluster.nodes()[..PRIMARIES];
    let ids: Vec<_> = primaries.iter().map(|node| said(node, &["CLUSTER", "MYID"])).collect();
    let load = Load::endless(&site, &people);
    let (wanted, mut moved) = (form(40, 200), 0);
    while moved < wanted {
        let in_flight = load.in_flight();
        if in_flight.is_empty() {
            load.go_on(BETWEEN_NODES).await;
            continue;
        }
        move_slot(primaries, &ids, &in_flight[random(in_flight.len())]).await;
        moved += 1;
    }
    load.end().await.print(&format!("{moved} slots of logins in flight moved in a Redis Cluster"));
}

/// Moves the slot of a login from its node to another one.
async fn move_slot(primaries: &[RedisServer], ids: &[String], login: &str) {
    let key = format!("saoma:login:{{{login}}}");
    let slot = said(&primaries[0], &["CLUSTER", "KEYSLOT", &key]);
    // The others answer that it is elsewhere.
    let from = primaries.iter().position(|node| node.ask(&["EXISTS", &key]).is_ok()).unwrap();
    let to = (from + 1 + random(PRIMARIES - 1)) % PRIMARIES;
    primaries[to].ask(&["CLUSTER", "SETSLOT", &slot, "IMPORTING", &ids[from]]).unwrap();
    primaries[from].ask(&["CLUSTER", "SETSLOT", &slot, "MIGRATING", &ids[to]]).unwrap();
    tokio::time::sleep(BETWEEN_NODES).await;
    let port = primaries[to].port().to_string();
    loop {
        let keys = said(&primaries[from], &["CLUSTER", "GETKEYSINSLOT", &slot, "100"]);
        if keys.is_empty() {
            break;
        }
        for key in keys.lines() {
            primaries[from].ask(&["MIGRATE", "127.0.0.1", &port, key, "0", "5000", "REPLACE"]).unwrap();
        }
        tokio::time::sleep(BETWEEN_NODES).await;
    }
    for node in [to, from].into_iter().chain((0..PRIMARIES).filter(|node| ![to, from].contains(node))) {
        primaries[node].ask(&["CLUSTER", "SETSLOT", &slot, "NODE", &ids[to]]).unwrap();
    }
}

fn said(node: &RedisServer, command: &[&str]) -> String {
    node.ask(command).unwrap().trim().to_owned()
}
