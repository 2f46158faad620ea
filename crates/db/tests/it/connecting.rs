//! Opening databases, and being told why one cannot be opened.

use saoma_contract::{
    all_at_once,
    values::{login, scan},
};
use saoma_db::{ConnectError, Migrations, SqliteStore, connect};
use saoma_domain::ports::{Health, Logins, ScanTaken, StoreError};

use crate::support::{file, in_memory, on_disk, url};

async fn error_of(url: &str) -> ConnectError {
    connect(url).await.expect_err("there is something wrong with it")
}

#[tokio::test]
async fn an_unknown_scheme_is_named_and_nothing_else_of_the_url() {
    let error = error_of("oracle://saoma:hunter2@db.example/saoma").await;
    assert!(matches!(&error, ConnectError::UnknownScheme { scheme } if scheme == "oracle"), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("`oracle`") && text.contains("sqlite"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[tokio::test]
async fn what_is_no_url_is_refused_without_being_shown() {
    for wrong in
        ["", "hunter2", "hunter2 :x", ":memory:", "//hunter2", "sqlite:", "sqlite://", "sqlite:hunter2"]
    {
        let error = error_of(wrong).await;
        assert!(matches!(error, ConnectError::InvalidUrl(_)), "{wrong}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}

#[tokio::test]
async fn a_missing_directory_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("missing");
    let error = error_of(&format!("sqlite://{}/saoma.db", missing.display())).await;
    assert!(matches!(&error, ConnectError::DirectoryMissing { path } if *path == missing), "{error:?}");
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let error = error_of(&format!("sqlite://{}", directory.path().display())).await;
    assert!(
        matches!(&error, ConnectError::NotWritable { path, .. } if path == directory.path()),
        "{error:?}"
    );
    // Not even root makes a file there.
    #[cfg(target_os = "linux")]
    assert!(matches!(error_of("sqlite:///proc/saoma.db").await, ConnectError::NotWritable { .. }));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let text = "not a database, but a page of notes\n".repeat(100);
    std::fs::write(file(&directory), &text).unwrap();
    assert!(matches!(error_of(&url(&directory)).await, ConnectError::Failed { .. }));
    assert_eq!(std::fs::read_to_string(file(&directory)).unwrap(), text);
}

#[tokio::test]
async fn an_empty_database_is_not_called_healthy() {
    let database = SqliteStore::connect("sqlite::memory:").await.unwrap();
    assert!(matches!(database.ping().await, Err(StoreError::Unavailable(_))));
    database.migrate().await.unwrap();
    assert_eq!(database.ping().await, Ok(()));
}

#[tokio::test]
async fn clones_share_a_memory_and_connections_do_not() {
    let (database, ()) = in_memory().await;
    let (other, ()) = in_memory().await;
    assert!(matches!(database.clone().take_scan(scan(login(1), "oAnna")).await, Ok(ScanTaken::First(_))));
    assert!(Logins::find(&database, login(1)).await.unwrap().is_some());
    assert_eq!(Logins::find(&other, login(1)).await, Ok(None));
}

#[tokio::test]
async fn a_file_keeps_what_it_was_told() {
    let (database, directory) = on_disk().await;
    database.take_scan(scan(login(1), "oAnna")).await.unwrap();
    drop(database);
    let again = SqliteStore::connect(&url(&directory)).await.unwrap();
    assert!(Logins::find(&again, login(1)).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn several_services_may_start_on_a_new_file_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let starts = (0..8).map(|_| {
        let url = url(&directory);
        async move {
            let database = SqliteStore::connect(&url).await.expect("it opens");
            database.migrate().await.expect("it is brought up to date").len()
        }
    });
    let made: usize = all_at_once(starts).await.into_iter().sum();
    let (fresh, ()) = in_memory().await;
    assert_eq!(made, fresh.revert_migrations().await.unwrap().len(), "each change was made once");
}
