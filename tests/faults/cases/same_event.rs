//! The same event on two nodes at the same moment.

use std::sync::Arc;

use saoma_sandbox::{DeliveryOutcome, Reaction};
use saoma_servers::{Postgres, RedisServer};

use super::form;
use crate::{
    load::{Client, People, say},
    site::{Choice, Site},
};

/// One person of so many is new.
const NEW: usize = 4;

pub(super) async fn two_nodes_at_once_have_one_outcome_and_one_reply() {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    // Only WeChat uses the load balancer, so that the two copies of an event go to two nodes.
    let site = Site::start_with(2, &redis.url(), &postgres.url("saoma"), Choice::InTurn).await;
    let people = People::register(&site).await;
    let urls = [site.node(0).await.url.clone(), site.node(1).await.url.clone()];
    let clients = urls.map(|url| Client::new(&url, Arc::default()));
    let (rounds, mut new) = (form(300, 1000), 0);
    for round in 0..rounds {
        let is_new = round % NEW == 0;
        let person = if is_new { people.somebody_new(&site) } else { people.somebody_known() };
        let login = clients[round % 2].start().await;
        let reaction = person.scan_in_copies(&login.qr, 2).await.unwrap();
        assert_one_reply(&reaction);
        let (here, there) = tokio::join!(clients[0].look(&login, 0, 2), clients[1].look(&login, 0, 2));
        let expected = if is_new { "unregistered" } else { "registered" };
        for answer in [&here, &there] {
            assert_eq!((answer.says(), answer.json["version"].as_u64()), (expected, Some(2)));
        }
        assert_eq!(here.json["session"]["token"], there.json["session"]["token"]);
        if !is_new {
            assert!(people.owns(&person, here.json["account"]["id"].as_str().unwrap()));
        }
        new += usize::from(is_new);
    }
    say(&format!(
        "the same event on two nodes at once: {rounds} rounds, {new} of them by new people: each with one outcome \
         and one reply"
    ));
    site.assert_sound().await;
}

fn assert_one_reply(reaction: &Reaction) {
    let Reaction::Sent { deliveries, .. } = reaction else { panic!("nothing was sent: {reaction:?}") };
    assert_eq!(deliveries.len(), 2);
    assert!(deliveries.iter().all(|delivery| delivery.attempts.len() == 1), "{deliveries:?}");
    assert_eq!(deliveries[0].outcome, deliveries[1].outcome);
    assert!(matches!(deliveries[0].outcome, DeliveryOutcome::Reply(_)), "{deliveries:?}");
}
