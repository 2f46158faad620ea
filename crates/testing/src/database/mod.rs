//! A database in maps: rows for the rules, and nothing that decides.

mod accounts;
mod app_profiles;
mod audit;
mod consents;
mod events;
mod funnel;
mod grants;
mod identities;
mod journal;
mod logins;
mod merges;
mod messages;
mod one_time_codes;
mod people;
mod pruning;
mod sessions;
mod signing_keys;
mod table;
mod tables;

use std::{
    pin::pin,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use async_trait::async_trait;
use saoma_domain::{
    event::Listeners,
    ports::{Health, StoreError},
    rules::{
        RuleFuture, Transactions,
        rows::{Rejected, RowResult},
    },
};

use tables::Tables;

/// The tables of a service in one process, for tests: every port of the database by the domain's own rules.
///
/// A transaction holds the one lock, never waits, and undoes what it changed when its rule fails. The database
/// forgets what pruning removes and nothing else.
#[derive(Debug, Default)]
pub struct MemoryDatabase {
    tables: Mutex<Tables>,
    is_unavailable: AtomicBool,
    row_operations: AtomicUsize,
    listeners: OnceLock<Listeners>,
}

/// Who hears events as long as nothing else was said.
static NO_LISTENERS: Listeners = Listeners::NONE;

/// The rows of a [`MemoryDatabase`], during one transaction.
#[derive(Debug)]
pub struct MemoryRows<'c> {
    tables: &'c mut Tables,
    listeners: &'c Listeners,
    operations: usize,
}

impl MemoryDatabase {
    /// Returns a database without rows.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the database out of service, or puts it back: until then every call fails with
    /// [`StoreError::Unavailable`] and changes nothing.
    pub fn set_available(&self, available: bool) {
        self.is_unavailable.store(!available, Ordering::SeqCst);
    }

    /// Returns how many row operations rules have done so far. Each is one statement where rows are kept in SQL.
    pub fn row_operations(&self) -> usize {
        self.row_operations.load(Ordering::SeqCst)
    }

    fn check(&self) -> Result<(), StoreError> {
        if self.is_unavailable.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("the database was taken out of service".to_owned()));
        }
        Ok(())
    }

    fn transact<I, T>(
        &self,
        input: &I,
        rule: for<'a, 'c> fn(&'a mut MemoryRows<'c>, &'a I) -> RuleFuture<'a, T>,
    ) -> Result<T, StoreError> {
        self.check()?;
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let listeners = self.listeners.get().unwrap_or(&NO_LISTENERS);
        let mut rows = MemoryRows { tables: &mut tables, listeners, operations: 0 };
        let answer = at_once(rule(&mut rows, input));
        self.row_operations.fetch_add(rows.operations, Ordering::SeqCst);
        match answer {
            Ok(_) => tables.commit(),
            Err(_) => tables.roll_back(),
        }
        answer.map_err(|rejected| match rejected {
            Rejected::Store(error) => error,
            // Under the one lock another attempt would meet the same rows.
            Rejected::Raced => StoreError::Unavailable("a row is not as the rule has read it".to_owned()),
        })
    }
}

impl Transactions for MemoryDatabase {
    type Rows<'c> = MemoryRows<'c>;

    fn set_listeners(&self, listeners: Listeners) {
        // Only the first call counts.
        let _ = self.listeners.set(listeners);
    }

    async fn run<I, T>(
        &self,
        input: I,
        rule: for<'a, 'c> fn(&'a mut MemoryRows<'c>, &'a I) -> RuleFuture<'a, T>,
    ) -> Result<T, StoreError>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
    {
        self.transact(&input, rule)
    }

    async fn read<I, T>(
        &self,
        input: I,
        rule: for<'a, 'c> fn(&'a mut MemoryRows<'c>, &'a I) -> RuleFuture<'a, T>,
    ) -> Result<T, StoreError>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
    {
        self.transact(&input, rule)
    }
}

#[async_trait]
impl Health for MemoryDatabase {
    async fn ping(&self) -> Result<(), StoreError> {
        self.check()
    }
}

impl MemoryRows<'_> {
    /// Returns the tables for one row operation.
    fn tables(&mut self) -> &mut Tables {
        self.operations += 1;
        self.tables
    }
}

/// Runs a rule to its end. Row operations here are done when they are called, so a rule has nothing to wait for.
fn at_once<T>(mut rule: RuleFuture<'_, T>) -> RowResult<T> {
    match pin!(&mut rule).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => {
            Err(StoreError::Unavailable("a rule waits for something else than rows".to_owned()).into())
        }
    }
}

/// Answers a write that has to find what the rule has read.
fn unless_raced(is_done: bool) -> RowResult<()> {
    is_done.then_some(()).ok_or(Rejected::Raced)
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{at, login, scan};
    use saoma_domain::ports::{Logins, ScanTaken};

    use super::*;

    #[tokio::test]
    async fn a_database_out_of_service_fails_and_changes_nothing() {
        let database = MemoryDatabase::new();
        database.set_available(false);
        assert!(matches!(database.ping().await, Err(StoreError::Unavailable(_))));
        assert!(database.take_scan(scan(login(1), "oAnna")).await.is_err());

        database.set_available(true);
        assert_eq!(database.ping().await, Ok(()));
        let taken = database.take_scan(scan(login(1), "oAnna")).await;
        assert!(matches!(taken, Ok(ScanTaken::First(record)) if record.at == at(1)));
    }

    #[tokio::test]
    async fn a_rule_that_waits_for_something_else_is_told_so() {
        let waits =
            |_: &mut MemoryRows<'_>, (): &()| -> RuleFuture<'_, ()> { Box::pin(std::future::pending()) };
        let answer = MemoryDatabase::new().transact(&(), waits);
        assert!(matches!(answer, Err(StoreError::Unavailable(_))));
    }
}
