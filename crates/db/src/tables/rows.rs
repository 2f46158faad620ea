//! The rows of one attempt at a rule.

use std::mem;

use diesel::QueryResult;
use saoma_domain::{
    event::Listeners,
    rules::{
        RuleFuture,
        rows::{Rejected, RowResult},
    },
};

use super::{
    super::{dialect::Connection, transaction::Transaction},
    deferred::Deferred,
};
use crate::failure::Failure;

/// A rule, or what is run like one.
pub(in super::super) type Rule<I, T> = for<'a, 'c> fn(&'a mut SqlRows<'c>, &'a I) -> RuleFuture<'a, T>;

/// The rows of a database, on a connection that is borrowed for one attempt at a rule.
pub struct SqlRows<'c> {
    pub(in super::super) connection: &'c mut Connection,
    pub(super) transaction: Transaction,
    pub(super) deferred: Deferred,
    pub(super) listeners: &'c Listeners,
    /// What the driver reported, from which the store tells whether another attempt may help.
    failure: Option<Failure>,
}

impl<'c> SqlRows<'c> {
    /// Makes the rows of an attempt that is in this transaction.
    pub(in super::super) fn new(
        connection: &'c mut Connection,
        transaction: Transaction,
        listeners: &'c Listeners,
    ) -> Self {
        Self { connection, transaction, deferred: Deferred::default(), listeners, failure: None }
    }

    /// Makes an attempt at a rule that is in no transaction of its own: it only reads, or the caller frames it.
    pub(in super::super) async fn attempt<I, T>(
        connection: &'c mut Connection,
        listeners: &'c Listeners,
        input: &I,
        rule: Rule<I, T>,
    ) -> Result<T, Failure> {
        Self::new(connection, Transaction::NONE, listeners).run(input, rule).await
    }
}

impl SqlRows<'_> {
    /// Runs a rule, and ends its transaction where it succeeds. A rule that goes on after the driver reported a failure fails
    /// all the same: the transaction may be gone.
    pub(in super::super) async fn run<I, T>(&mut self, input: &I, rule: Rule<I, T>) -> Result<T, Failure> {
        let outcome = match rule(self, input).await {
            Ok(outcome) if self.failure.is_none() => self.finish().await.map(|()| outcome),
            outcome => outcome,
        };
        match self.failure.take() {
            Some(failure) => Err(failure),
            None => outcome.map_err(Failure::from),
        }
    }

    async fn finish(&mut self) -> RowResult<()> {
        let deferred = mem::take(&mut self.deferred);
        let finished = self.transaction.finish(self.connection, deferred).await;
        self.answer(finished)
    }

    /// Returns the connection for a statement that only reads. It sees what was put off.
    pub(in super::super) async fn reading(&mut self) -> RowResult<&mut Connection> {
        if self.deferred.is_empty() { Ok(self.connection) } else { self.writing().await }
    }

    /// Returns the connection for a statement that writes, or locks.
    pub(super) async fn writing(&mut self) -> RowResult<&mut Connection> {
        let begun = self.transaction.begin(self.connection).await;
        self.answer(begun)?;
        let deferred = mem::take(&mut self.deferred);
        let sent = deferred.send(self.connection).await;
        self.answer(sent)?;
        Ok(self.connection)
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
