//! Units of work: how a query or a transaction is run, repeated and protected from its caller's impatience.

use std::{pin::Pin, sync::Arc, time::Duration};

use deadpool::managed::{PoolError, TimeoutType};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use saoma_domain::ports::StoreError;
use tokio::{runtime::Handle, sync::Semaphore, time};
use tracing::Instrument;

use super::{Connection, is_busy, is_lost, write_transaction};
use crate::{
    backoff::{RETRIES, pause},
    failure::Failure,
};

/// A unit of work under way.
pub(in super::super) type Work<'a, R> = Pin<Box<dyn Future<Output = Result<R, Failure>> + Send + 'a>>;

/// A unit of work: it may be run several times, and changes nothing but its transaction.
pub(super) type Task<I, R> = for<'a> fn(&'a mut Connection, &'a I) -> Work<'a, R>;

#[derive(Clone, Copy)]
enum Mode {
    Query,
    Transaction,
}

/// Every SQL port, on the connections of one database.
#[derive(Clone)]
pub(in super::super) struct Repository {
    pool: Pool<Connection>,
    writers: Arc<Semaphore>,
    attempt: Option<Duration>,
    runtime: Handle,
}

impl Repository {
    /// How long a unit of work waits for its turn to write, and how long for a connection.
    pub(in super::super) const PATIENCE: Duration = Duration::from_millis(500);

    /// Makes the ports on a pool, with at most `writers` transactions at once and attempts that may take as
    /// long as `attempt`; all work runs on the runtime of the caller.
    pub(in super::super) fn new(pool: Pool<Connection>, writers: usize, attempt: Option<Duration>) -> Self {
        let writers = Arc::new(Semaphore::new(writers));
        Self { pool, writers, attempt, runtime: Handle::current() }
    }

    /// Runs a query without a transaction.
    pub(in super::super) async fn query<I, R>(&self, input: I, task: Task<I, R>) -> Result<R, StoreError>
    where
        I: Send + Sync + 'static,
        R: Send + 'static,
    {
        self.detached(Mode::Query, input, task).await
    }

    /// Runs a unit of work as one write transaction, again from its beginning when it met another one.
    pub(in super::super) async fn transaction<I, R>(
        &self,
        input: I,
        task: Task<I, R>,
    ) -> Result<R, StoreError>
    where
        I: Send + Sync + 'static,
        R: Send + 'static,
    {
        self.detached(Mode::Transaction, input, task).await
    }

    /// Runs to the end whatever happens to the caller: a transaction whose future is dropped would keep its
    /// locks, and a driver that works on a thread of its own would have to block until it is done.
    async fn detached<I, R>(&self, mode: Mode, input: I, task: Task<I, R>) -> Result<R, StoreError>
    where
        I: Send + Sync + 'static,
        R: Send + 'static,
    {
        let repository = self.clone();
        let work = async move { repository.repeated(mode, &input, task).await };
        self.runtime.spawn(work.in_current_span()).await.unwrap_or_else(|lost| {
            let what = if lost.is_panic() { "panicked" } else { "was cut off by the end of its runtime" };
            Err(StoreError::Unavailable(format!("a unit of work {what}")))
        })
    }

    /// Makes attempts until one succeeds, fails for good, or was the last.
    async fn repeated<I: Sync, R: Send>(
        &self,
        mode: Mode,
        input: &I,
        task: Task<I, R>,
    ) -> Result<R, StoreError> {
        let mut retried = 0;
        loop {
            match self.attempt(mode, input, task).await {
                Ok(outcome) => return Ok(outcome),
                Err(failure)
                    if retried < RETRIES && failure.is_passing(|error| is_busy(error) || is_lost(error)) =>
                {
                    tracing::debug!(retried, "a unit of work starts over");
                    time::sleep(pause(retried)).await;
                    retried += 1;
                }
                Err(failure) => return Err(failure.into()),
            }
        }
    }

    async fn attempt<I: Sync, R: Send>(&self, mode: Mode, input: &I, task: Task<I, R>) -> Result<R, Failure> {
        match mode {
            Mode::Query => {
                let mut connection = self.connection().await?;
                let outcome = self.limited(task(&mut connection, input)).await;
                self.give_back(connection, outcome)
            }
            Mode::Transaction => {
                let turn = time::timeout(Self::PATIENCE, self.writers.acquire()).await;
                let _turn = turn.map_err(|_| unavailable("too many writers are waiting"))?;
                let mut connection = self.connection().await?;
                let outcome = self.limited(write_transaction(&mut connection, input, task)).await;
                self.give_back(connection, outcome)
            }
        }
    }

    /// Waits for an attempt for as long as attempts may take.
    async fn limited<R>(&self, work: impl Future<Output = Result<R, Failure>>) -> Result<R, Failure> {
        match self.attempt {
            Some(limit) => time::timeout(limit, work).await.unwrap_or(Err(Failure::NoAnswer)),
            None => work.await,
        }
    }

    /// Puts a connection back into the pool, unless the attempt has shown that it is of no use; then those
    /// that lie there unused were most likely lost with it, and nobody should have to find that out again.
    fn give_back<R>(
        &self,
        connection: Object<Connection>,
        outcome: Result<R, Failure>,
    ) -> Result<R, Failure> {
        if outcome.as_ref().is_err_and(|failure| failure.has_lost_connection(is_lost)) {
            drop(Object::take(connection));
            self.pool.retain(|_, _| false);
        }
        outcome
    }

    async fn connection(&self) -> Result<Object<Connection>, Failure> {
        self.pool.get().await.map_err(|error| match error {
            PoolError::Timeout(TimeoutType::Wait) => unavailable("all connections are busy"),
            PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle)
            | PoolError::Backend(_)
            | PoolError::Closed
            | PoolError::NoRuntimeSpecified
            | PoolError::PostCreateHook(_) => unavailable(&format!("no connection: {error}")),
        })
    }
}

fn unavailable(why: &str) -> Failure {
    Failure::Final(StoreError::Unavailable(why.to_owned()))
}
