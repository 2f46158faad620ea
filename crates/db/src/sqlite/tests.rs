//! How rules run when their callers go away, when they panic, and when there is no connection for them.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use diesel_async::SimpleAsyncConnection;
use saoma_domain::{
    ports::StoreError,
    rules::{Transactions, rows::RowResult},
};
use tokio::sync::Notify;

use super::{SqlRows, Store};

/// Lets a test and the task of a rule wait for each other.
#[derive(Clone, Default)]
struct Gate {
    reached: Arc<Notify>,
    open: Arc<Notify>,
}

async fn in_memory() -> Store {
    Store::connect("sqlite::memory:").await.unwrap()
}

async fn on_disk() -> (Store, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    (Store::connect(&url(&directory)).await.unwrap(), directory)
}

fn url(directory: &tempfile::TempDir) -> String {
    format!("sqlite://{}", directory.path().join("saoma.db").display())
}

fn unavailable(address: &str, cause: &str) -> StoreError {
    StoreError::Unavailable(format!("database {address}: {cause}"))
}

async fn execute(rows: &mut SqlRows<'_>, sql: &str) -> RowResult<()> {
    let executed = rows.connection.batch_execute(sql).await;
    rows.answer(executed)
}

async fn create_table(store: &Store) {
    let create = store.run((), |rows, ()| Box::pin(execute(rows, "CREATE TABLE t (id INTEGER PRIMARY KEY)")));
    create.await.unwrap();
}

/// Inserts the row 1, which fails if it is there.
async fn insert(store: &Store) -> Result<(), StoreError> {
    store.run((), |rows, ()| Box::pin(execute(rows, "INSERT INTO t VALUES (1)"))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_without_a_free_connection_is_told_after_half_a_second() {
    let (store, gate) = (in_memory().await, Gate::default());
    let (holder, held) = (store.clone(), gate.clone());
    let holding = tokio::spawn(async move {
        let hold = holder.read(held, |_, gate: &Gate| {
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
    let refused = store.read((), |_, ()| Box::pin(async { Ok(()) })).await;
    assert_eq!(refused, Err(unavailable("sqlite::memory:", "all connections are busy")));
    let waited = start.elapsed();
    assert!(waited >= Store::TURN_TO_WRITE && waited < Duration::from_secs(5), "{waited:?}");

    gate.open.notify_one();
    assert_eq!(holding.await.unwrap(), Ok(()));
    assert_eq!(store.read((), |_, ()| Box::pin(async { Ok(()) })).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_ends_even_if_its_caller_has_gone() {
    let ((store, _directory), gate) = (on_disk().await, Gate::default());
    create_table(&store).await;
    let abandoned = store.run(gate.clone(), |rows, gate: &Gate| {
        Box::pin(async {
            execute(rows, "INSERT INTO t VALUES (1)").await?;
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
    let error = insert(&store).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "the row is there: {error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_panics_is_an_error_and_leaves_no_transaction_open() {
    let (store, directory) = on_disk().await;
    create_table(&store).await;
    let panicked: Result<(), _> = store
        .run((), |rows, ()| {
            Box::pin(async {
                execute(rows, "INSERT INTO t VALUES (1)").await?;
                panic!("on purpose")
            })
        })
        .await;
    assert_eq!(panicked, Err(unavailable(&url(&directory), "the work panicked")));
    assert_eq!(insert(&store).await, Ok(()), "the row was not kept");
}

#[test]
fn a_caller_on_a_single_thread_may_go_away_too() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (store, _directory) = on_disk().await;
        create_table(&store).await;
        tokio::select! {
            biased;
            _ = insert(&store) => unreachable!("nothing else has run yet"),
            () = std::future::ready(()) => {}
        }
        let error = insert(&store).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "the row is there: {error}");
    });
}
