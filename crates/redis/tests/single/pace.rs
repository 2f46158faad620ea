//! How long a notification takes from one node to another.

use std::time::Duration;

use saoma_domain::ports::LoginCache;
use saoma_servers::RedisServer;

use crate::support::{later, login, outcome, store_with, timed};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notification_takes_no_time_that_a_person_would_notice() {
    let server = RedisServer::start(&[]).unwrap();
    let [here, there] = [store_with(&server.url(), "t:").await, store_with(&server.url(), "t:").await];
    let mut others = Vec::new();
    for number in 1000..2000 {
        others.push(there.subscribe(login(number)).await.unwrap());
    }
    let mut took = Vec::new();
    for number in 0..500 {
        let id = login(number);
        let mut client = there.subscribe(id).await.unwrap();
        let publication = async {
            here.publish(&outcome(id, 2), later()).await.unwrap();
            client.notified(Duration::from_secs(10)).await;
        };
        took.push(timed(publication).await.0);
    }
    took.sort_unstable();
    let (median, slow) = (took[took.len() / 2], took[took.len() * 99 / 100]);
    println!(
        "published and notified beside {} others: half within {median:?}, 99 % within {slow:?}",
        others.len()
    );
    assert!(median < Duration::from_millis(20), "{median:?}");
}
