//! Whatever row operations run in whatever order, two databases answer alike and hold the same afterwards.
//!
//! The rules of the domain stand above the row operations and are the same for every database, so this is all in
//! which two of them can differ. A sequence is a list of transactions of a few operations each. Both databases start
//! with the same three accounts, to which identities can be linked.
//!
//! Of errors it is only compared that there is one, and that it undoes its transaction. Logins that no order is
//! promised of are compared as a set.

mod accounts;
mod answer;
mod identities;
mod logins;
mod one_time_codes;
mod operation;
mod pool;
mod sessions;
mod trail;

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use saoma_domain::{
    ports::StoreError,
    rules::{
        Transactions,
        rows::{Rejected, RowResult, Rows},
    },
};

use answer::Answer;
use operation::Operation;

/// How many transactions a sequence has at the most.
const TRANSACTIONS: usize = 40;

/// How many operations a transaction has at the most.
const OPERATIONS: usize = 3;

/// Runs random sequences of row operations, `cases` of them, on two databases that `fresh` makes for each.
///
/// The environment variable `PROPTEST_CASES` goes before `cases`.
///
/// # Panics
/// Panics where they differ, with the shortest such sequence that was found; what the first database answered is
/// `left`, what the second one answered is `right`.
pub fn databases_agree<A: Transactions, B: Transactions>(cases: u32, fresh: impl AsyncFn() -> (A, B)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime can be built");
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    let transaction = vec(operation::any(), 1..=OPERATIONS);
    let outcome = TestRunner::new(config).run(&vec(transaction, 1..TRANSACTIONS), |transactions| {
        runtime.block_on(async {
            let (one, other) = fresh().await;
            compare_changes(&one, &other, accounts::at_the_beginning()).await?;
            for operations in transactions {
                compare_changes(&one, &other, operations).await?;
            }
            compare_contents(&one, &other).await
        })
    });
    if let Err(difference) = outcome {
        panic!("{difference}");
    }
}

/// Runs operations on both databases, in one transaction.
async fn compare_changes(
    one: &impl Transactions,
    other: &impl Transactions,
    operations: Vec<Operation>,
) -> Result<(), TestCaseError> {
    let first = one.run(operations.clone(), |rows, operations| Box::pin(apply_all(rows, operations))).await;
    let second = other.run(operations, |rows, operations| Box::pin(apply_all(rows, operations))).await;
    prop_assert_eq!(first.ok(), second.ok());
    Ok(())
}

/// Reads everything from both databases, without a transaction.
async fn compare_contents(one: &impl Transactions, other: &impl Transactions) -> Result<(), TestCaseError> {
    for operation in operation::all_reads() {
        let first =
            one.read(vec![operation.clone()], |rows, operations| Box::pin(apply_all(rows, operations)));
        let second = other.read(vec![operation], |rows, operations| Box::pin(apply_all(rows, operations)));
        let (first, second) = (first.await, second.await);
        prop_assert!(first.is_ok(), "a read fails: {first:?}");
        prop_assert_eq!(first, second);
    }
    Ok(())
}

async fn apply_all(rows: &mut impl Rows, operations: &[Operation]) -> RowResult<Vec<Answer>> {
    let mut answers = Vec::with_capacity(operations.len());
    for operation in operations {
        answers.push(operation.apply(rows).await.map_err(|rejected| match rejected {
            // Nothing else runs at the same time, so another attempt would end in the same way.
            Rejected::Raced => StoreError::Corrupt("the row is not as expected".to_owned()).into(),
            Rejected::Store(_) => rejected,
        })?);
    }
    Ok(answers)
}
