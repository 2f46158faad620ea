//! Running rules: in one transaction each, or as a read.

use std::pin::Pin;

use super::rows::{Rejected, Rows};
use crate::{event::Listeners, ports::StoreError};

/// A rule under way.
pub type RuleFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Rejected>> + Send + 'a>>;

/// A store of rows that can run rules.
///
/// A store that implements this and [`Rows`] has all ports of the database by the blanket implementations of this
/// module: [`Logins`](crate::ports::Logins), [`Accounts`](crate::ports::Accounts),
/// [`Sessions`](crate::ports::Sessions), [`OneTimeCodes`](crate::ports::OneTimeCodes),
/// [`MessageQueue`](crate::ports::MessageQueue), [`Outbox`](crate::ports::Outbox),
/// [`Journal`](crate::ports::Journal), [`Funnel`](crate::ports::Funnel), [`SigningKeys`](crate::ports::SigningKeys), [`AuditTrail`](crate::ports::AuditTrail) and [`Pruning`](crate::ports::Pruning).
pub trait Transactions: Send + Sync {
    /// The rows, on a connection that is borrowed for `'c`.
    type Rows<'c>: Rows
    where
        Self: 'c;

    /// Says who hears events: what [`EventRows::listeners`](super::rows::EventRows::listeners) returns from now on. Only the
    /// first call counts, so that no lock stands between a rule and its listeners.
    fn set_listeners(&self, listeners: Listeners);

    /// Runs a rule in one transaction, again from its beginning when it was [`Rejected::Raced`], and commits.
    ///
    /// What it returned as done MUST be durable. It MUST run to its end whatever happens to the caller.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    fn run<I, T>(
        &self,
        input: I,
        rule: for<'a, 'c> fn(&'a mut Self::Rows<'c>, &'a I) -> RuleFuture<'a, T>,
    ) -> impl Future<Output = Result<T, StoreError>> + Send
    where
        I: Send + Sync + 'static,
        T: Send + 'static;

    /// Runs a rule that only reads, without a transaction.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    fn read<I, T>(
        &self,
        input: I,
        rule: for<'a, 'c> fn(&'a mut Self::Rows<'c>, &'a I) -> RuleFuture<'a, T>,
    ) -> impl Future<Output = Result<T, StoreError>> + Send
    where
        I: Send + Sync + 'static,
        T: Send + 'static;
}
