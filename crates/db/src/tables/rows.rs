//! The rows of one attempt at a rule.

use diesel::QueryResult;
use saoma_domain::rules::{
    RuleFuture,
    rows::{Rejected, RowResult},
};

use super::super::dialect::Connection;
use crate::failure::Failure;

/// A rule, or what is run like one.
pub(in super::super) type Rule<I, T> = for<'a, 'c> fn(&'a mut SqlRows<'c>, &'a I) -> RuleFuture<'a, T>;

/// The rows of a database, on a connection that is borrowed for one attempt at a rule.
pub struct SqlRows<'c> {
    pub(in super::super) connection: &'c mut Connection,
    /// What the driver reported, from which the store tells whether another attempt may help.
    failure: Option<Failure>,
}

impl SqlRows<'_> {
    /// Makes one attempt at a rule on a connection.
    pub(in super::super) async fn attempt<I, T>(
        connection: &mut Connection,
        input: &I,
        rule: Rule<I, T>,
    ) -> Result<T, Failure> {
        let mut rows = SqlRows { connection, failure: None };
        let outcome = rule(&mut rows, input).await;
        outcome.map_err(|rejected| rows.failure.take().unwrap_or_else(|| rejected.into()))
    }

    /// Makes the answer of a row operation out of the driver's.
    pub(in super::super) fn answer<T>(&mut self, answer: QueryResult<T>) -> RowResult<T> {
        answer.map_err(|error| self.failed(error.into()))
    }

    /// Keeps a failure for the store, and returns what the rule is told of it.
    pub(in super::super) fn failed(&mut self, failure: Failure) -> Rejected {
        let rejected = failure.rejected();
        self.failure = Some(failure);
        rejected
    }

    /// Makes the answer of an operation that has to change one row: there was none if another transaction came
    /// first.
    pub(super) fn changed_one(&mut self, answer: QueryResult<usize>) -> RowResult<()> {
        match self.answer(answer)? {
            1 => Ok(()),
            _ => Err(Rejected::Raced),
        }
    }
}
