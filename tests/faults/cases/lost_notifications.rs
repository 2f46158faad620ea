//! Wake-ups that get lost on their way.

use std::{sync::Arc, time::Duration};

use saoma_servers::{Direction, Fault, FaultProxy, Postgres, RedisServer};

use super::form;
use crate::{
    load::{Load, People, say},
    site::Site,
};

/// How long anybody may wait for a state that is there.
const LONGEST: Duration = Duration::from_millis(5500);

pub(super) async fn nobody_waits_long_for_what_is_there() {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    let proxy = FaultProxy::before(redis.port()).unwrap();
    proxy.set(Direction::ToClient, Fault::DropMessages { every: 3 });
    let store = proxy.instead_of(&redis.url());
    let site = Arc::new(Site::start(2, &store, &postgres.url("saoma")).await);
    let people = People::register(&site).await;
    let report = Load::start(&site, &people, form(200, 1000)).end().await;
    report.print("every third wake-up dropped");
    say(&format!("every third wake-up dropped: {} did not arrive", proxy.dropped()));
    assert!(proxy.dropped() > 0);
    assert!(report.slowest <= LONGEST, "{:?}", report.slowest);
}
