//! A node that is told to stop.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use reqwest::Method;
use saoma_servers::{Postgres, RedisServer};
use tokio::{task::JoinSet, time::Instant};

use crate::{
    load::{Client, say},
    site::Site,
};

const CLIENTS: usize = 500;
const AT_ONCE: usize = 25;

/// How soon all are answered.
const ANSWERED: Duration = Duration::from_secs(1);

/// `server.shutdown_grace_s` of the nodes.
const GRACE: Duration = Duration::from_secs(5);

pub(super) async fn all_who_wait_are_answered_within_a_second() {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    let site = Site::start(2, &redis.url(), &postgres.url("saoma")).await;
    let starting = Client::new(&site.balancer.url, Arc::default());
    let mut node = site.node(0).await;
    let client = Arc::new(Client::new(&node.url, Arc::default()));
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS / AT_ONCE {
        for login in join_all((0..AT_ONCE).map(|_| starting.start())).await {
            let client = Arc::clone(&client);
            clients.spawn(async move {
                let path = format!("/v1/logins/{}?wait=60", login.id);
                let answer = client.once(Method::GET, &path, &login.poll_token, None).await.unwrap();
                assert_eq!((answer.status, answer.says()), (200, "loop"));
                Instant::now()
            });
        }
    }
    node.waiting(CLIENTS).await;
    let told_at = Instant::now();
    node.tell_to_stop().await;
    let answered = clients.join_all().await.into_iter().max().unwrap() - told_at;
    let code = node.ended().await;
    let ended = told_at.elapsed();
    say(&format!(
        "SIGTERM of a node with {CLIENTS} waiting clients: all answered after {answered:.2?}, ended with {code:?} \
         after {ended:.2?}"
    ));
    assert!(answered <= ANSWERED, "{answered:?}");
    assert!(code == Some(0) && ended <= GRACE, "{code:?} after {ended:?}");
    assert!(!node.log().contains("panicked"));
}
