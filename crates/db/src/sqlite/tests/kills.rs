//! A process that is killed after it has written and before it has committed.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use super::{Gate, begun, hold, insert, on_disk, pass, rows, url};
use crate::sqlite::SqliteStore;

const URL: &str = "SAOMA_TEST_DATABASE_URL";

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_before_the_commit_loses_what_was_not_acknowledged_and_nothing_else() {
    let (store, directory) = on_disk().await;
    drop(store);
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "sqlite::tests::kills::writes_and_waits_to_be_killed", "--nocapture"])
        .env(URL, url(&directory))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().ends_with("written")), "the other process comes that far");
    writer.kill().unwrap();
    writer.wait().unwrap();

    let store = SqliteStore::connect(&url(&directory)).await.unwrap();
    assert_eq!(rows(&store).await, [1]);
    assert_eq!(insert(&store, 2).await, Ok(()), "writing goes on");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the process that the test above kills"]
async fn writes_and_waits_to_be_killed() {
    let Ok(url) = std::env::var(URL) else { return };
    let store = SqliteStore::connect(&url).await.unwrap();
    insert(&store, 1).await.unwrap();
    let (gate, _holding) = hold(&store).await;
    let _written = begun(insert(&store, 2)).await;
    let last = Gate::default();
    let passing = begun(pass(&store, last.clone())).await;
    gate.open();
    last.is_reached().await;
    std::io::stdout().write_all(b"written\n").unwrap();
    passing.await.unwrap();
}
