//! The store of a backend with a server: how a rule or a read is run, repeated, and brought to its end whatever
//! happens to its caller. Diesel's types name the backend, so this file is compiled once for each.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use diesel_async::pooled_connection::deadpool::{Object, Pool};
use saoma_domain::{
    event::Listeners,
    ports::StoreError,
    rules::{RuleFuture, Transactions},
};
use tokio::{
    runtime::Handle,
    sync::{Semaphore, SemaphorePermit},
    time,
};
use tracing::Instrument as _;

use super::{
    dialect::{Connection, SYSTEM, is_busy, is_lost},
    tables::rows::{Rule, SqlRows},
    transaction::in_transaction,
};
use crate::{
    backoff::{RETRIES, pause},
    failure::Failure,
    times::{Kind, RuleTimes, now},
};

/// Who hears events as long as nothing else was said.
static NO_LISTENERS: Listeners = Listeners::NONE;

#[derive(Clone, Copy)]
enum Mode {
    Read,
    Transaction,
}

/// An open database; it runs rules, and clones share its connections.
#[derive(Clone)]
pub struct Store {
    address: Arc<str>,
    pool: Pool<Connection>,
    turns: Arc<Semaphore>,
    limit: Option<Duration>,
    runtime: Handle,
    listeners: Arc<OnceLock<Listeners>>,
    pub(super) times: Arc<RuleTimes>,
}

impl Store {
    /// How long a rule waits for its turn to write.
    pub(super) const TURN_TO_WRITE: Duration = Duration::from_millis(500);

    /// Makes a store on a pool, with at most `writers` transactions at once and attempts that may take as long as
    /// `limit`. The address is what operators are shown. All work runs on the runtime of the caller.
    pub(super) fn new(
        address: &str,
        pool: Pool<Connection>,
        writers: usize,
        limit: Option<Duration>,
    ) -> Self {
        let turns = Arc::new(Semaphore::new(writers));
        Self {
            address: address.into(),
            pool,
            turns,
            limit,
            runtime: Handle::current(),
            listeners: Arc::default(),
            times: Arc::default(),
        }
    }

    /// Runs to the end whatever happens to the caller: a transaction whose future is dropped would keep its
    /// locks, and a driver that works on a thread of its own would have to block until it is done.
    pub(super) async fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) -> Result<T, StoreError> {
        let ended = self.runtime.spawn(work.in_current_span()).await.unwrap_or_else(|lost| {
            let how = if lost.is_panic() { "panicked" } else { "was cut off by the end of its runtime" };
            Err(Failure::Unavailable(format!("the work {how}")))
        });
        ended.map_err(|failure| failure.at(&self.address))
    }

    async fn detached<I, T>(&self, mode: Mode, input: I, rule: Rule<I, T>) -> Result<T, StoreError>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
    {
        let kind = match mode {
            Mode::Read => Kind::Read,
            Mode::Transaction => Kind::Transaction,
        };
        let (store, began, span) = (self.clone(), now(), kind.span::<I>(SYSTEM));
        let work = self.to_the_end(async move { store.repeated(mode, &input, rule).await });
        let done = work.instrument(span.clone()).await;
        self.times.count(kind, done.is_ok(), began.elapsed(), &span);
        done
    }

    /// Makes attempts until one succeeds, fails for good, or was the last.
    async fn repeated<I: Sync, T: Send>(
        &self,
        mode: Mode,
        input: &I,
        rule: Rule<I, T>,
    ) -> Result<T, Failure> {
        let mut retried = 0;
        loop {
            match self.attempt(mode, input, rule).await {
                Err(failure)
                    if retried < RETRIES && failure.is_passing(|error| is_busy(error) || is_lost(error)) =>
                {
                    tracing::debug!(database = %self.address, retried, "a rule starts over");
                    time::sleep(pause(retried)).await;
                    retried += 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn attempt<I: Sync, T: Send>(&self, mode: Mode, input: &I, rule: Rule<I, T>) -> Result<T, Failure> {
        match mode {
            Mode::Read => {
                let mut connection = self.connection().await?;
                let outcome =
                    self.limited(SqlRows::attempt(&mut connection, self.listeners(), input, rule)).await;
                self.give_back(connection, outcome)
            }
            Mode::Transaction => {
                let _turn = self.turn_to_write().await?;
                let mut connection = self.connection().await?;
                let outcome =
                    self.limited(in_transaction(&mut connection, self.listeners(), input, rule)).await;
                self.give_back(connection, outcome)
            }
        }
    }

    async fn turn_to_write(&self) -> Result<SemaphorePermit<'_>, Failure> {
        let turn = time::timeout(Self::TURN_TO_WRITE, self.turns.acquire()).await;
        let turn = turn.ok().and_then(Result::ok);
        turn.ok_or_else(|| Failure::Unavailable("too many transactions wait to write".to_owned()))
    }

    /// Waits for the turn of a rule, and gives it back unused.
    pub(super) async fn wait_for_turn(&self) -> Result<(), StoreError> {
        let _turn = self.turn_to_write().await.map_err(|failure| failure.at(&self.address))?;
        self.connection().await.map(drop).map_err(|failure| failure.at(&self.address))
    }

    /// Waits for an attempt for as long as attempts may take.
    async fn limited<T>(&self, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        match self.limit {
            Some(limit) => time::timeout(limit, work).await.unwrap_or(Err(Failure::NoAnswer)),
            None => work.await,
        }
    }

    /// Puts a connection back into the pool, unless the attempt has shown that it is of no use. Then those that
    /// lie there unused were most likely lost with it, and are closed before the next caller meets them.
    fn give_back<T>(
        &self,
        connection: Object<Connection>,
        outcome: Result<T, Failure>,
    ) -> Result<T, Failure> {
        if outcome.as_ref().is_err_and(|failure| failure.has_lost_connection(is_lost)) {
            drop(Object::take(connection));
            self.pool.retain(|_, _| false);
        }
        outcome
    }

    fn listeners(&self) -> &Listeners {
        self.listeners.get().unwrap_or(&NO_LISTENERS)
    }

    pub(super) async fn connection(&self) -> Result<Object<Connection>, Failure> {
        Ok(self.pool.get().await?)
    }
}

impl Transactions for Store {
    type Rows<'c> = SqlRows<'c>;

    fn set_listeners(&self, listeners: Listeners) {
        // Only the first call counts.
        let _ = self.listeners.set(listeners);
    }

    async fn run<I, T>(
        &self,
        input: I,
        rule: for<'a, 'c> fn(&'a mut SqlRows<'c>, &'a I) -> RuleFuture<'a, T>,
    ) -> Result<T, StoreError>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
    {
        self.detached(Mode::Transaction, input, rule).await
    }

    async fn read<I, T>(
        &self,
        input: I,
        rule: for<'a, 'c> fn(&'a mut SqlRows<'c>, &'a I) -> RuleFuture<'a, T>,
    ) -> Result<T, StoreError>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
    {
        self.detached(Mode::Read, input, rule).await
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "database {}", self.address)
    }
}
