//! An account that lives: logins and messages, a bot behind the relay that is started again, nodes that are killed.

use saoma_servers::{Postgres, RedisServer};

use super::form;
use crate::living::{Scale, live, measure};

pub(super) async fn nothing_that_wechat_was_told_is_lost_with_a_node() {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    let (events, kills) = form((1000, 2), (10_000, 10));
    live(2, &redis.url(), &postgres.url("saoma"), Scale { events, kills }).await;
}

/// Between its death and its next start WeChat cannot tell anything.
pub(super) async fn nor_with_the_only_node() {
    let directory = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", directory.path().join("saoma.db").display());
    let (events, kills) = form((300, 2), (2000, 10));
    live(1, "memory://", &database, Scale { events, kills }).await;
}

pub(super) async fn its_logins_are_as_fast_with_a_relay() {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    measure(&redis.url(), &postgres.url("saoma"), form(100, 1000)).await;
}
