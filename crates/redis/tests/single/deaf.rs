//! A subscription whose connection stands, and on which nothing arrives any more.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use saoma_domain::ports::{Board, Wakeups};
use saoma_servers::RedisServer;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
};

use crate::support::{later, login, outcome, store_with, timed, until_it_works};

/// Lies between a store and its server; the connections that there are can be made to swallow all answers.
struct Proxy {
    url: String,
    deaf: Arc<AtomicBool>,
}

impl Proxy {
    async fn start(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://{}", listener.local_addr().unwrap());
        let deaf = Arc::new(AtomicBool::new(false));
        let is_deaf = Arc::clone(&deaf);
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let behind = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
                // Those that come while others are deaf are not.
                let can_go_deaf = !is_deaf.load(Ordering::SeqCst);
                let is_deaf = Arc::clone(&is_deaf);
                tokio::spawn(forward(client, behind, move || can_go_deaf && is_deaf.load(Ordering::SeqCst)));
            }
        });
        Self { url, deaf }
    }
}

async fn forward(client: TcpStream, server: TcpStream, swallows: impl Fn() -> bool) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let answers = async {
        let mut bytes = Vec::with_capacity(4096);
        while let Ok(1..) = from_server.read_buf(&mut bytes).await {
            if !swallows() && to_client.write_all(&bytes).await.is_err() {
                return;
            }
            bytes.clear();
        }
    };
    tokio::select! {
        () = answers => {}
        _ = copy(&mut from_client, &mut to_server) => {}
    }
}

#[tokio::test]
async fn a_subscription_that_went_deaf_is_noticed_and_made_anew() {
    let server = RedisServer::start(&[]).unwrap();
    let proxy = Proxy::start(server.port()).await;
    let [here, there] = [store_with(&server.url(), "t:").await, store_with(&proxy.url, "t:").await];
    let id = login(1);
    let mut waiter = there.subscribe(id).await.unwrap();
    proxy.deaf.store(true, Ordering::SeqCst);

    here.publish(&outcome(id, 2), later()).await.unwrap();
    // The connection for requests is deaf as well, and replaced when somebody finds out.
    until_it_works(|| there.read(id)).await;
    let (late, ()) = timed(waiter.woken(Duration::from_secs(20))).await;
    println!("the deaf subscription was replaced after {late:?}");
    assert!(late < Duration::from_secs(10), "{late:?}");

    here.publish(&outcome(id, 3), later()).await.unwrap();
    let (late, ()) = timed(waiter.woken(Duration::from_secs(20))).await;
    assert!(late < Duration::from_secs(1), "{late:?}");
}
