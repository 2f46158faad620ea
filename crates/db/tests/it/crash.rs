//! A process that is killed while it writes.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use saoma_contract::{
    all_at_once,
    values::{at, login, scan},
};
use saoma_db::SqliteStore;
use saoma_domain::{login::LoginEvent, ports::Logins};

use crate::support::{on_disk, url};

const URL: &str = "SAOMA_TEST_DATABASE_URL";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_process_has_acknowledged_is_there() {
    let (database, directory) = on_disk().await;
    drop(database);
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "crash::writes_until_it_is_killed", "--nocapture"])
        .env(URL, url(&directory))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(writer.stdout.take().unwrap()).lines();
    let mut acknowledged: Vec<u64> = Vec::new();
    for line in lines {
        // The last line may be cut off, and the test runner says a few words of its own.
        let Some(number) =
            line.ok().and_then(|line| line.strip_prefix("committed ")?.strip_suffix('.')?.parse().ok())
        else {
            continue;
        };
        acknowledged.push(number);
        if acknowledged.len() == 500 {
            writer.kill().unwrap();
        }
    }
    writer.wait().unwrap();

    assert!(acknowledged.len() >= 500, "{acknowledged:?}");
    let database = SqliteStore::connect(&url(&directory)).await.unwrap();
    for number in acknowledged {
        assert!(Logins::find(&database, login(number)).await.unwrap().is_some(), "scan {number} is lost");
    }
    let cancelled = Logins::end(&database, login(1_000_000), LoginEvent::Cancelled, at(1)).await;
    assert_eq!(cancelled.map(|login| login.version), Ok(2), "writing goes on");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the process that the test above kills"]
async fn writes_until_it_is_killed() {
    let Ok(url) = std::env::var(URL) else { return };
    let database = SqliteStore::connect(&url).await.unwrap();
    // Many at once, so that the kill meets transactions of several scans.
    let writers = (0..16).map(|first| {
        let database = database.clone();
        async move {
            for number in (first..).step_by(16) {
                database.take_scan(scan(login(number), &format!("oPerson{number}"))).await.unwrap();
                // A whole line in one write, so that a kill cannot make one number of two.
                std::io::stdout().write_all(format!("committed {number}.\n").as_bytes()).unwrap();
            }
        }
    });
    all_at_once(writers).await;
}
