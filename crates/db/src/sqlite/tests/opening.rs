//! Opening and closing the connections.

use std::path::Path;

use diesel::{
    QueryableByName,
    sql_types::{Integer, Text},
    sqlite::Sqlite,
};
use saoma_domain::rules::Transactions;

use super::{Gate, RunQueryDsl, begun, hold, insert, on_disk, pass, rows, url};
use crate::sqlite::{SqliteStore, readable_by_others};

#[derive(QueryableByName)]
struct Settings {
    #[diesel(sql_type = Text)]
    journal_mode: String,
    #[diesel(sql_type = Integer)]
    synchronous: i32,
    #[diesel(sql_type = Integer)]
    foreign_keys: i32,
}

#[derive(QueryableByName)]
struct BuiltWith {
    #[diesel(sql_type = Integer)]
    used: i32,
}

/// Asks the connection that writes.
async fn asked<T: QueryableByName<Sqlite> + Send + 'static>(store: &SqliteStore, query: &'static str) -> T {
    let answer = store.run(query, |rows, query| {
        Box::pin(async {
            let answer = diesel::sql_query(*query).get_result(rows.connection).await;
            rows.answer(answer)
        })
    });
    answer.await.unwrap()
}

#[tokio::test]
async fn a_commit_waits_for_the_disk() {
    let (store, _directory) = on_disk().await;
    let settings =
        asked(&store, "SELECT * FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys");
    let Settings { journal_mode, synchronous, foreign_keys } = settings.await;
    assert_eq!((journal_mode.as_str(), synchronous, foreign_keys), ("wal", 2, 1), "2 is FULL");
}

/// The variable `LIBSQLITE3_FLAGS` of the environment comes before that of `.cargo/config.toml`.
#[tokio::test]
async fn the_workspace_builds_it_without_locks_that_no_connection_needs() {
    let (store, _directory) = on_disk().await;
    let BuiltWith { used } = asked(&store, "SELECT sqlite_compileoption_used('THREADSAFE=2') AS used").await;
    assert_eq!(used, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_dropped_does_what_it_has_accepted_and_closes_its_file() {
    let (store, directory) = on_disk().await;
    let log = directory.path().join("saoma.db-wal");
    assert!(log.exists());
    let (gate, holding) = hold(&store).await;
    drop(begun(insert(&store, 1)).await);
    gate.open();
    holding.await.unwrap().unwrap();
    drop(store);
    assert!(!log.exists(), "the last connection has put the log back into the file");
    let again = SqliteStore::connect(&url(&directory)).await.unwrap();
    assert_eq!(rows(&again).await, [1]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_file_and_those_beside_it_are_for_the_services_user_alone() {
    let (store, directory) = on_disk().await;
    for name in ["saoma.db", "saoma.db-wal", "saoma.db-shm"] {
        assert_eq!(mode(&directory.path().join(name)), 0o600, "{name}");
    }
    assert_eq!(readable_by_others(&url(&directory)), None);
    drop(store);
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_is_there_keeps_its_mode_and_is_told_of_where_others_can_read_it() {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt};

    let (store, directory) = on_disk().await;
    drop(store);
    let (folder, file) = (directory.path(), directory.path().join("saoma.db"));
    let allow = |path: &Path, mode| std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    allow(&file, 0o644);
    drop(SqliteStore::connect(&url(&directory)).await.unwrap());
    assert_eq!(mode(&file), 0o644);
    for (folder_mode, found) in [(0o755, Some(file.clone())), (0o750, None)] {
        allow(folder, folder_mode);
        assert_eq!(readable_by_others(&url(&directory)), found, "{folder_mode:o}");
    }
    assert_eq!(readable_by_others("sqlite::memory:"), None);
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;

    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread")]
async fn clones_keep_a_store_open() {
    let (store, _directory) = on_disk().await;
    let clone = store.clone();
    drop(store);
    assert_eq!(insert(&clone, 1).await, Ok(()));
    let gate = Gate::default();
    gate.open();
    assert_eq!(pass(&clone, gate).await, Ok(()));
}
