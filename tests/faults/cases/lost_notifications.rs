//! Wake-ups that get lost on their way.

use std::{sync::Arc, time::Duration};

use saoma_servers::{Direction, Fault, FaultProxy, Postgres, RedisServer};

use super::form;
use crate::{
    load::{Load, People, say},
    site::{Confirm, Site},
};

/// How long anybody may wait for a state that is there.
const LONGEST: Duration = Duration::from_millis(5500);

pub(super) async fn nobody_waits_long_for_what_is_there() {
    drop_every_third(Confirm::Nothing, form(200, 1000)).await;
}

pub(super) async fn nor_for_a_phone_that_is_asked() {
    drop_every_third(Confirm::Click, form(100, 1000)).await;
}

async fn drop_every_third(confirm: Confirm, logins: usize) {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    let proxy = FaultProxy::before(redis.port()).unwrap();
    proxy.set(Direction::ToClient, Fault::DropMessages { every: 3 });
    let store = proxy.instead_of(&redis.url());
    let site = Arc::new(Site::start_asking(confirm, 2, &store, &postgres.url("saoma")).await);
    let people = People::register(&site).await;
    let report = Load::start(&site, &people, logins).end().await;
    report.print(&format!("{}every third wake-up dropped", confirm.said()));
    say(&format!("every third wake-up dropped: {} did not arrive", proxy.dropped()));
    assert!(proxy.dropped() > 0);
    assert!(report.slowest <= LONGEST, "{:?}", report.slowest);
}
