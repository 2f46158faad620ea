//! Group commit: rules that waited together are one transaction, and each is answered for itself.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use diesel::{
    Connection,
    connection::{InstrumentationEvent, SimpleConnection},
};
use saoma_domain::{ports::StoreError, rules::Transactions};

use super::{
    Gate, SqlRows, begun, execute, hold, insert, insert_row, is_answered, on_disk, other_program, pass, rows,
    unavailable, url,
};
use crate::sqlite::SqliteStore;

/// How many statements of two kinds the thread that writes has sent.
#[derive(Clone, Default)]
struct Counts {
    commits: Arc<AtomicU32>,
    savepoints: Arc<AtomicU32>,
}

impl Counts {
    /// Counts from now on.
    async fn begin(store: &SqliteStore) -> Self {
        let counts = Self::default();
        let count = store.run(counts.clone(), |rows, counts: &Self| {
            let counts = counts.clone();
            rows.connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                let InstrumentationEvent::StartQuery { query, .. } = event else { return };
                let query = query.to_string();
                for (kind, count) in [("COMMIT", &counts.commits), ("SAVEPOINT", &counts.savepoints)] {
                    if query.starts_with(kind) {
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
            Box::pin(async { Ok(()) })
        });
        count.await.unwrap();
        counts.commits.store(0, Ordering::Relaxed);
        counts
    }

    fn commits(&self) -> u32 {
        self.commits.load(Ordering::Relaxed)
    }

    fn savepoints(&self) -> u32 {
        self.savepoints.load(Ordering::Relaxed)
    }
}

type FailingRule = for<'a> fn(&'a mut SqlRows<'_>) -> saoma_domain::rules::RuleFuture<'a, ()>;

async fn fails(store: &SqliteStore, rule: FailingRule) -> Result<(), StoreError> {
    store.run(rule, |rows, rule| rule(rows)).await
}

/// Runs a rule in one group with two others, which it must not take with it, and returns why it failed.
async fn fails_between_others(store: &SqliteStore, rule: FailingRule) -> String {
    let (gate, holding) = hold(store).await;
    let before = begun(insert(store, 1)).await;
    let failing = begun(fails(store, rule)).await;
    let after = begun(insert(store, 2)).await;
    gate.open();
    assert_eq!(holding.await.unwrap(), Ok(()));
    assert_eq!((before.await, after.await), (Ok(()), Ok(())));
    assert_eq!(rows(store).await, [1, 2]);
    failing.await.unwrap_err().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_wait_together_are_committed_together() {
    let (store, _directory) = on_disk().await;
    let counts = Counts::begin(&store).await;
    let (gate, holding) = hold(&store).await;
    let mut waiting = Vec::new();
    for id in 0..100 {
        waiting.push(begun(insert(&store, id)).await);
    }
    gate.open();
    assert_eq!(holding.await.unwrap(), Ok(()));
    for inserted in waiting {
        assert_eq!(inserted.await, Ok(()));
    }
    assert_eq!(rows(&store).await, (0..100).collect::<Vec<_>>());
    assert_eq!(counts.commits(), 3, "the one that held, then 64, then 36");
    assert_eq!(counts.savepoints(), 0, "none of them failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_fails_is_undone_alone() {
    let (store, _directory) = on_disk().await;
    let counts = Counts::begin(&store).await;
    let (gate, holding) = hold(&store).await;
    let first = begun(insert(&store, 1)).await;
    let taken = begun(fails(&store, |rows| {
        Box::pin(async {
            insert_row(rows, 7).await?;
            insert_row(rows, 1).await
        })
    }))
    .await;
    let second = begun(insert(&store, 2)).await;
    let panics = begun(fails(&store, |rows| {
        Box::pin(async {
            insert_row(rows, 8).await?;
            panic!("on purpose")
        })
    }))
    .await;
    let waits = begun(fails(&store, |rows| {
        Box::pin(async {
            insert_row(rows, 9).await?;
            tokio::task::yield_now().await;
            Ok(())
        })
    }))
    .await;
    let third = begun(insert(&store, 3)).await;
    gate.open();
    assert_eq!(holding.await.unwrap(), Ok(()));
    assert_eq!((first.await, second.await, third.await), (Ok(()), Ok(()), Ok(())));
    for (failed, cause) in [(taken, "at every attempt"), (panics, "panicked"), (waits, "waited")] {
        let error = failed.await.unwrap_err().to_string();
        assert!(error.contains(cause), "{error}");
    }
    assert_eq!(rows(&store).await, [1, 2, 3]);
    assert_eq!(counts.commits(), 2, "the one that held, then the group");
    assert_eq!(counts.savepoints(), 6, "they ran again");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_caller_is_told_before_the_commit() {
    let (store, directory) = on_disk().await;
    let mut other = other_program(&directory);
    let (gate, holding) = hold(&store).await;
    let mut written = begun(insert(&store, 1)).await;
    let last = Gate::default();
    let passing = begun(pass(&store, last.clone())).await;
    gate.open();
    assert_eq!(holding.await.unwrap(), Ok(()));

    last.is_reached().await;
    assert!(!is_answered(&mut written).await, "the row is written, but it is not committed");
    assert_eq!(rows(&store).await, [0_i64; 0], "no other connection sees it");
    other.batch_execute("BEGIN IMMEDIATE").expect_err("the transaction still has the lock");
    last.open();
    assert_eq!((written.await, passing.await), (Ok(()), Ok(())));
    assert_eq!(rows(&store).await, [1]);
}

/// Adds a table whose rows are checked when the transaction is committed.
async fn create_checked_table(store: &SqliteStore) {
    let create = "CREATE TABLE checked (id INTEGER REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)";
    store.run(create, |rows, create| Box::pin(execute(rows, create))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_fails_fails_those_alone_who_are_to_blame() {
    let (store, _directory) = on_disk().await;
    create_checked_table(&store).await;
    let error = fails_between_others(&store, |rows| {
        Box::pin(async {
            insert_row(rows, 7).await?;
            execute(rows, "INSERT INTO checked VALUES (99)").await
        })
    });
    let error = error.await;
    assert!(error.contains("FOREIGN KEY constraint failed"), "{error}");
}

/// SQLite ends a transaction by itself when the disk is full; here the rule does so.
#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_ends_before_its_commit_takes_no_other_rule_with_it() {
    let (store, _directory) = on_disk().await;
    let error = fails_between_others(&store, |rows| {
        Box::pin(async {
            insert_row(rows, 7).await?;
            execute(rows, "ROLLBACK; nonsense").await
        })
    });
    let error = error.await;
    assert!(error.contains("syntax error"), "its own cause is told: {error}");
}

/// A rule that fails has to say so. Here one goes on, and what it and the others write would be committed at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_goes_on_without_its_transaction_fails_and_takes_no_other_rule_with_it() {
    let (store, _directory) = on_disk().await;
    let error = fails_between_others(&store, |rows| {
        Box::pin(async {
            let _ = execute(rows, "ROLLBACK; nonsense").await;
            Ok(())
        })
    });
    let error = error.await;
    assert!(error.contains("syntax error"), "it is not taken for committed: {error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_cannot_begin_is_told_why_and_the_next_one_begins() {
    let (store, directory) = on_disk().await;
    let mut other = other_program(&directory);
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    assert_eq!(insert(&store, 1).await, Err(unavailable(&url(&directory), "database is locked")));
    other.batch_execute("ROLLBACK").unwrap();
    assert_eq!(insert(&store, 2).await, Ok(()));
    assert_eq!(rows(&store).await, [2]);
}
