use saoma_contract::values::login;

use super::*;

/// Waits for a notification that has to come.
async fn notified(client: &mut Box<dyn Subscription>) {
    let wait = client.notified(Duration::from_secs(600));
    assert!(timeout(Duration::from_secs(60), wait).await.expect("a notification"));
}

#[tokio::test]
async fn no_more_clients_wait_than_there_is_room_for() {
    let subscribers = Subscribers::new(2);
    let first = subscribers.subscribe(login(1)).await.unwrap();
    let second = subscribers.subscribe(login(1)).await.unwrap();
    assert!(matches!(subscribers.subscribe(login(2)).await, Err(StoreError::Unavailable(_))));
    drop(first);
    let third = subscribers.subscribe(login(2)).await.unwrap();
    assert_eq!(subscribers.logins(), 2);
    drop((second, third));
    assert_eq!((subscribers.logins(), subscribers.registry.clients.taken()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_client_has_to_look_again_once_notified_or_while_notifications_may_be_lost() {
    let subscribers = Subscribers::new(1);
    let mut client = subscribers.subscribe(login(1)).await.unwrap();
    assert!(!client.notified(Duration::from_secs(5)).await);
    subscribers.notify(&login(1));
    assert!(client.notified(Duration::from_secs(5)).await);
    subscribers.lost();
    assert!(client.notified(Duration::from_secs(5)).await && client.notified(Duration::ZERO).await);
    subscribers.notify_all();
    assert!(client.notified(Duration::from_secs(5)).await, "what was missed");
    assert!(!client.notified(Duration::from_secs(5)).await);
}

#[tokio::test(start_paused = true)]
async fn a_wait_lasts_as_long_as_the_client_asked_for() {
    let subscribers = Subscribers::new(1);
    let mut client = subscribers.subscribe(login(1)).await.unwrap();
    let start = tokio::time::Instant::now();
    client.notified(Duration::from_secs(25)).await;
    assert_eq!(start.elapsed(), Duration::from_secs(25));
    subscribers.notify(&login(2));
    client.notified(Duration::from_secs(25)).await;
    assert_eq!(
        start.elapsed(),
        Duration::from_secs(50),
        "another login's notification is not for this client"
    );
}

#[tokio::test]
async fn every_client_is_notified_when_notifications_may_have_been_missed() {
    let subscribers = Subscribers::new(1000);
    let mut clients = Vec::new();
    for number in 0..1000 {
        clients.push(subscribers.subscribe(login(number)).await.unwrap());
    }
    subscribers.notify_all();
    for client in &mut clients {
        notified(client).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_thousand_clients_are_notified_without_a_loss() {
    const CLIENTS: u64 = 20_000;
    let subscribers = Subscribers::new(100_000);
    let mut tasks = Vec::new();
    for number in 0..CLIENTS {
        let mut client = subscribers.subscribe(login(number / 2)).await.unwrap();
        tasks.push(tokio::spawn(async move { notified(&mut client).await }));
    }
    for number in 0..CLIENTS / 2 {
        subscribers.notify(&login(number));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(subscribers.logins(), 0);
}
