//! How units of work behave when their callers, their tasks or the pool let them down.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use diesel_async::SimpleAsyncConnection;
use saoma_domain::ports::StoreError;
use tokio::sync::Notify;

use super::{connecting, repository::Repository};

/// Lets a test and the task of a unit of work wait for each other.
#[derive(Clone, Default)]
struct Gate {
    reached: Arc<Notify>,
    open: Arc<Notify>,
}

async fn in_memory() -> Repository {
    connecting::repository(":memory:").await.unwrap()
}

async fn on_disk() -> (Repository, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let rest = format!("//{}", directory.path().join("saoma.db").display());
    (connecting::repository(&rest).await.unwrap(), directory)
}

async fn create_table(repository: &Repository) {
    let create = repository.transaction((), |connection, ()| {
        Box::pin(async { Ok(connection.batch_execute("CREATE TABLE t (id INTEGER PRIMARY KEY)").await?) })
    });
    create.await.unwrap();
}

/// Inserts the row 1, which fails if it is there.
async fn insert(repository: &Repository) -> Result<(), StoreError> {
    let insert = repository.transaction((), |connection, ()| {
        Box::pin(async { Ok(connection.batch_execute("INSERT INTO t VALUES (1)").await?) })
    });
    insert.await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_finds_no_free_connection_is_told_after_half_a_second() {
    let (repository, gate) = (in_memory().await, Gate::default());
    let (holder, held) = (repository.clone(), gate.clone());
    let holding = tokio::spawn(async move {
        let hold = holder.query(held, |_, gate: &Gate| {
            Box::pin(async {
                gate.reached.notify_one();
                gate.open.notified().await;
                Ok(())
            })
        });
        hold.await
    });
    gate.reached.notified().await;
    #[expect(clippy::disallowed_methods, reason = "how long the pool lets wait is what is tested")]
    let start = Instant::now();
    let refused = repository.query((), |_, ()| Box::pin(async { Ok(()) })).await;
    assert_eq!(refused, Err(StoreError::Unavailable("all connections are busy".to_owned())));
    let waited = start.elapsed();
    assert!(waited >= Repository::PATIENCE && waited < Duration::from_secs(5), "{waited:?}");

    gate.open.notify_one();
    assert_eq!(holding.await.unwrap(), Ok(()));
    assert_eq!(repository.query((), |_, ()| Box::pin(async { Ok(()) })).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_ends_even_if_its_caller_has_gone() {
    let ((repository, _directory), gate) = (on_disk().await, Gate::default());
    create_table(&repository).await;
    let abandoned = repository.transaction(gate.clone(), |connection, gate: &Gate| {
        Box::pin(async {
            connection.batch_execute("INSERT INTO t VALUES (1)").await?;
            gate.reached.notify_one();
            gate.open.notified().await;
            Ok(())
        })
    });
    tokio::select! {
        biased;
        () = gate.reached.notified() => {}
        _ = abandoned => unreachable!("the gate is closed"),
    }
    gate.open.notify_one();
    let error = insert(&repository).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "the row is there: {error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_panics_is_an_error_and_leaves_no_transaction_open() {
    let (repository, _directory) = on_disk().await;
    create_table(&repository).await;
    let panicked: Result<(), _> = repository
        .transaction((), |connection, ()| {
            Box::pin(async {
                connection.batch_execute("INSERT INTO t VALUES (1)").await?;
                panic!("on purpose")
            })
        })
        .await;
    assert_eq!(panicked, Err(StoreError::Unavailable("a unit of work panicked".to_owned())));
    assert_eq!(insert(&repository).await, Ok(()), "the row was not kept");
}

#[test]
fn a_caller_on_a_single_thread_may_go_away_too() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (repository, _directory) = on_disk().await;
        create_table(&repository).await;
        tokio::select! {
            biased;
            _ = insert(&repository) => unreachable!("nothing else has run yet"),
            () = std::future::ready(()) => {}
        }
        let error = insert(&repository).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "the row is there: {error}");
    });
}
