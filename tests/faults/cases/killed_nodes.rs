//! Nodes that are killed.

use std::sync::Arc;

use saoma_servers::{Postgres, RedisServer};

use super::form;
use crate::{
    load::{Load, People},
    site::{Site, random},
};

pub(super) async fn no_login_is_lost_with_the_node_that_took_it() {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    let site = Arc::new(Site::start(2, &redis.url(), &postgres.url("saoma")).await);
    let people = People::register(&site).await;
    let (logins, kills) = form((400, 10), (2000, 50));
    let mut load = Load::start(&site, &people, logins);
    for kill in 1..=kills {
        load.reached(logins * kill / (kills + 1)).await;
        site.replace(random(site.size())).await;
    }
    load.end().await.print(&format!("{kills} times kill -9 of a random node of two"));
}
