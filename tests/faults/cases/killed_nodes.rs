//! Nodes that are killed.

use std::sync::Arc;

use saoma_servers::{Postgres, RedisServer};

use super::form;
use crate::{
    load::{Load, People},
    site::{Confirm, Site, random},
};

pub(super) async fn no_login_is_lost_with_the_node_that_took_it() {
    kill(Confirm::Nothing, form((400, 10), (2000, 50))).await;
}

pub(super) async fn nor_is_one_whose_phone_is_asked() {
    kill(Confirm::Click, form((200, 5), (2000, 50))).await;
}

async fn kill(confirm: Confirm, (logins, kills): (usize, usize)) {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    let site = Arc::new(Site::start_asking(confirm, 2, &redis.url(), &postgres.url("saoma")).await);
    let people = People::register(&site).await;
    let mut load = Load::start(&site, &people, logins);
    for kill in 1..=kills {
        load.reached(logins * kill / (kills + 1)).await;
        site.replace(random(site.size())).await;
    }
    load.end().await.print(&format!("{}{kills} times kill -9 of a random node of two", confirm.said()));
}
