//! What happens while another program holds the file.

use std::time::{Duration, Instant};

use saoma_contract::{
    all_at_once,
    values::{at, login, scan},
};
use saoma_domain::ports::{CodeHash, Logins, OneTimeCodes, Redemption, ScanTaken, StoreError};

use crate::support::{OtherProgram, on_disk};

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_file_is_soon_called_unavailable_and_can_still_be_read() {
    let (database, directory) = on_disk().await;
    database.take_scan(scan(login(100), "oAnna")).await.unwrap();
    let mut other = OtherProgram::at(&directory);
    other.run("BEGIN IMMEDIATE");

    #[expect(clippy::disallowed_methods, reason = "how long callers wait is what is tested")]
    let start = Instant::now();
    let writers = database.clone();
    let scans = (0..8).map(move |number| {
        let database = writers.clone();
        async move { database.take_scan(scan(login(number), "oBert")).await }
    });
    let taken = tokio::spawn(all_at_once(scans));
    assert!(Logins::find(&database, login(100)).await.unwrap().is_some());
    for taken in taken.await.unwrap() {
        assert!(matches!(taken, Err(StoreError::Unavailable(_))), "{taken:?}");
    }
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());

    other.run("ROLLBACK");
    assert!(matches!(database.take_scan(scan(login(1), "oBert")).await, Ok(ScanTaken::First(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_lock_is_waited_out() {
    let (database, directory) = on_disk().await;
    let mut other = OtherProgram::at(&directory);
    other.run("BEGIN IMMEDIATE");
    let taken = tokio::spawn(async move { database.take_scan(scan(login(1), "oAnna")).await });
    // Longer than SQLite itself waits, so that the transaction has to start over.
    tokio::time::sleep(Duration::from_millis(400)).await;
    other.run("ROLLBACK");
    assert!(matches!(taken.await.unwrap(), Ok(ScanTaken::First(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redeemed_code_is_recognized_without_writing() {
    let (database, directory) = on_disk().await;
    let hash = |text: &[u8]| CodeHash::of("test", &[text]);
    let (what, until) = (hash(b"code"), at(600));
    assert_eq!(database.redeem(what, hash(b"first"), until).await, Ok(Redemption::First));
    let mut other = OtherProgram::at(&directory);
    other.run("BEGIN IMMEDIATE");
    for later in [0, 60, 3600].map(|secs| until.plus(Duration::from_secs(secs))) {
        assert_eq!(database.redeem(what, hash(b"first"), later).await, Ok(Redemption::Again));
        assert_eq!(database.redeem(what, hash(b"second"), later).await, Ok(Redemption::ByAnother));
    }
    other.run("ROLLBACK");
}
