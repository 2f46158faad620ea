//! Being told why a database cannot be opened.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use saoma_db::{ConnectError, Migrations, connect};
use saoma_domain::ports::{Health, StoreError};

use super::{Kind, empty};

async fn reason(url: &str) -> String {
    let error = connect(url).await.expect_err("there is nothing to open");
    assert!(matches!(error, ConnectError::NoConnection { .. }), "{error:?}");
    error.to_string()
}

/// Returns the URL of a database on another port of the loopback interface.
fn on_port<K: Kind>(port: u16) -> String {
    let given = std::env::var(K::VARIABLE).expect("a server is given");
    let (scheme, _) = given.split_once(':').expect("it has a scheme");
    format!("{scheme}://saoma:hunter2@127.0.0.1:{port}/saoma")
}

pub(crate) async fn a_missing_database_is_named_and_no_password_shown<K: Kind>() {
    let url = empty::<K>().await;
    let (server, _) = url.rsplit_once('/').unwrap();
    let text = reason(&format!("{server}/missing")).await;
    assert!(text.contains("missing") && text.contains("127.0.0.1:"), "{text}");
    assert!(!text.contains('@'), "{text}");
}

pub(crate) async fn a_port_without_a_listener_is_named<K: Kind>() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = on_port::<K>(port);
    let (scheme, _) = url.split_once(':').expect("it has a scheme");
    let text = reason(&url).await;
    assert!(text.starts_with(&format!("database {scheme}://127.0.0.1:{port}/saoma: ")), "{text}");
    assert!(text.to_lowercase().contains("refused"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

pub(crate) async fn a_server_that_says_nothing_is_given_up_soon<K: Kind>() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    #[expect(clippy::disallowed_methods, reason = "how long callers wait is what is tested")]
    let start = Instant::now();
    reason(&on_port::<K>(silent.local_addr().unwrap().port())).await;
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

pub(crate) async fn an_empty_database_is_not_called_healthy<K: Kind>() {
    let database = K::connect(&empty::<K>().await).await.unwrap();
    assert!(matches!(database.ping().await, Err(StoreError::Unavailable(_))));
    database.migrate().await.unwrap();
    assert_eq!(database.ping().await, Ok(()));
}
