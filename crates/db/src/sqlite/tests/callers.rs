//! Callers that go away, that come too late, and whose rules are wrong.

use std::time::{Duration, Instant};

use saoma_domain::{ports::Health, rules::Transactions};

use super::{
    Gate, begun, execute, hold, in_memory, insert, insert_row, on_disk, pass, rows, unavailable, url,
};
use crate::sqlite::SqliteStore;

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_whose_turn_does_not_come_is_told_after_half_a_second_and_changes_nothing() {
    let (store, directory) = on_disk().await;
    let (gate, holding) = hold(&store).await;
    #[expect(clippy::disallowed_methods, reason = "how long a caller waits is what is tested")]
    let start = Instant::now();
    let refused = insert(&store, 1).await;
    assert_eq!(refused, Err(unavailable(&url(&directory), "too many transactions wait to write")));
    assert!(start.elapsed() >= SqliteStore::TURN, "{:?}", start.elapsed());
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());

    gate.open();
    assert_eq!(holding.await.unwrap(), Ok(()));
    assert_eq!(insert(&store, 2).await, Ok(()));
    assert_eq!(rows(&store).await, [2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_waits_for_what_is_written_and_not_for_what_is_read() {
    let (store, directory) = on_disk().await;
    let (gate, holding) = hold(&store).await;
    let turn = store.turn().await;
    assert_eq!(turn, Err(unavailable(&url(&directory), "too many transactions wait to write")));
    assert_eq!(rows(&store).await, [0_i64; 0]);
    gate.open();
    assert_eq!(holding.await.unwrap(), Ok(()));
    assert_eq!(store.turn().await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_has_begun_is_waited_for_however_long_it_takes() {
    let (store, _directory) = on_disk().await;
    let gate = Gate::default();
    let mut slow = begun(pass(&store, gate.clone())).await;
    gate.is_reached().await;
    let waited = tokio::time::timeout(SqliteStore::TURN * 2, &mut slow).await;
    assert!(waited.is_err(), "it was given up");
    gate.open();
    assert_eq!(slow.await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memory_that_is_written_is_read_afterwards() {
    let store = in_memory().await;
    let (gate, holding) = hold(&store).await;
    let refused = store.read((), |_, ()| Box::pin(async { Ok(()) })).await;
    assert_eq!(refused, Err(unavailable("sqlite::memory:", "all connections are busy")));

    let write = begun(insert(&store, 1)).await;
    let read = begun(rows(&store)).await;
    gate.open();
    assert_eq!(holding.await.unwrap(), Ok(()));
    assert_eq!((write.await, read.await), (Ok(()), vec![1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_written_is_read_meanwhile() {
    let (store, _directory) = on_disk().await;
    insert(&store, 1).await.unwrap();
    let (gate, holding) = hold(&store).await;
    assert_eq!(rows(&store).await, [1]);
    gate.open();
    assert_eq!(holding.await.unwrap(), Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_ends_even_if_its_caller_has_gone() {
    let (store, _directory) = on_disk().await;
    let (gate, holding) = hold(&store).await;
    drop(begun(insert(&store, 1)).await);
    gate.open();
    assert_eq!(holding.await.unwrap(), Ok(()));
    assert_eq!(insert(&store, 2).await, Ok(()));
    assert_eq!(rows(&store).await, [1, 2]);
}

#[test]
fn a_caller_on_a_single_thread_may_go_away_too() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (store, _directory) = on_disk().await;
        tokio::select! {
            biased;
            _ = insert(&store, 1) => unreachable!("nothing else has run yet"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(insert(&store, 2).await, Ok(()));
        assert_eq!(rows(&store).await, [1, 2]);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_panics_is_an_error_and_leaves_nothing() {
    let (store, directory) = on_disk().await;
    let panicked: Result<(), _> = store
        .run((), |rows, ()| {
            Box::pin(async {
                insert_row(rows, 1).await?;
                panic!("on purpose")
            })
        })
        .await;
    assert_eq!(panicked, Err(unavailable(&url(&directory), "the work panicked")));
    let panicked: Result<(), _> = store.read((), |_, ()| Box::pin(async { panic!("on purpose") })).await;
    assert_eq!(panicked, Err(unavailable(&url(&directory), "the work panicked")));
    assert_eq!(insert(&store, 1).await, Ok(()), "the row was not kept, and writing goes on");
    assert_eq!(rows(&store).await, [1], "reading goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_waits_for_something_else_is_an_error_and_leaves_nothing() {
    let (store, directory) = on_disk().await;
    let waiting = store.run((), |rows, ()| {
        Box::pin(async {
            insert_row(rows, 1).await?;
            tokio::task::yield_now().await;
            insert_row(rows, 2).await
        })
    });
    let cause = "a rule waited for something that is no row";
    assert_eq!(waiting.await, Err(unavailable(&url(&directory), cause)));
    assert_eq!(rows(&store).await, [0_i64; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_writes_while_it_should_read_is_refused() {
    let (store, directory) = on_disk().await;
    let written = store.read((), |rows, ()| Box::pin(execute(rows, "INSERT INTO t VALUES (1)"))).await;
    assert_eq!(written, Err(unavailable(&url(&directory), "attempt to write a readonly database")));
}
