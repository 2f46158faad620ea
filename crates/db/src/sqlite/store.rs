//! The store: hands rules to the threads of its connections, and waits for the answers.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use saoma_domain::{
    event::Listeners,
    ports::StoreError,
    rules::{RuleFuture, Transactions},
};
use tokio::time;
use tracing::Instrument as _;

use super::{
    dialect::SYSTEM,
    job::{Mode, Work},
    location::Location,
    tables::rows::{Rule, SqlRows},
    threads::{Duty, Threads},
};
use crate::{
    failure::Failure,
    times::{Kind, RuleTimes, now},
};

/// SQLite lets one transaction write at a time. How many rules are one transaction is bounded, since the first of them
/// waits for the last.
const WRITING: Duty = Duty { name: "saoma-write", mode: Mode::Write, threads: 1, at_once: 64 };

/// Two, so that a long list does not keep others from a short look.
const READING: Duty = Duty { name: "saoma-read", mode: Mode::Read, threads: 2, at_once: 1 };

/// An open database; it runs rules, and clones share its connections.
#[derive(Clone)]
pub struct Store {
    address: Arc<str>,
    readers: Arc<Threads>,
    writer: Arc<Threads>,
    listeners: Arc<OnceLock<Listeners>>,
    pub(super) times: Arc<RuleTimes>,
}

impl Store {
    /// How long a rule waits for its turn.
    pub(super) const TURN: Duration = Duration::from_millis(500);

    /// Opens the connections to a location, or says why there is none. The address is what operators are shown.
    pub(super) async fn open(address: &str, location: &Location) -> Result<Self, String> {
        let writer = Arc::new(Threads::start(location, WRITING).await?);
        let readers = match location {
            // Each connection to a database in memory would have a database of its own.
            Location::Memory => Arc::clone(&writer),
            Location::File(_) => Arc::new(Threads::start(location, READING).await?),
        };
        Ok(Self {
            address: address.into(),
            readers,
            writer,
            listeners: Arc::default(),
            times: Arc::default(),
        })
    }

    /// Gives a rule to a thread, which runs it to its end whatever happens to the caller. A caller whose turn does not
    /// come in time takes the rule back.
    async fn ran<I, T>(&self, mode: Mode, input: I, rule: Rule<I, T>) -> Result<T, Failure>
    where
        I: Send + 'static,
        T: Send + 'static,
    {
        let (threads, too_many) = match mode {
            Mode::Read => (&self.readers, "all connections are busy"),
            Mode::Write => (&self.writer, "too many transactions wait to write"),
        };
        let (work, turn, mut answer) = Work::new(mode, Arc::clone(&self.listeners), input, rule);
        if !threads.queue().push(Box::new(work)) {
            return Err(Failure::Unavailable(too_many.to_owned()));
        }
        let answer = loop {
            match time::timeout(Self::TURN, &mut answer).await {
                Ok(answer) => break answer,
                // No other rule is in the way: the machine is slow to run the thread.
                Err(_) if threads.queue().has_idle_thread() => {}
                Err(_) if turn.take() => return Err(Failure::Unavailable(too_many.to_owned())),
                Err(_) => break answer.await,
            }
        };
        match answer {
            Ok((outcome, _)) => outcome,
            Err(_) => Err(Failure::Unavailable("the thread of the connection ended".to_owned())),
        }
    }

    /// Runs a rule, and counts it.
    async fn measured<I, T>(&self, mode: Mode, input: I, rule: Rule<I, T>) -> Result<T, StoreError>
    where
        I: Send + 'static,
        T: Send + 'static,
    {
        let kind = match mode {
            Mode::Read => Kind::Read,
            Mode::Write => Kind::Transaction,
        };
        let (began, span) = (now(), kind.span::<I>(SYSTEM));
        let done = self.ran(mode, input, rule).instrument(span.clone()).await;
        self.times.count(kind, done.is_ok(), began.elapsed(), &span);
        done.map_err(|failure| failure.at(&self.address))
    }

    /// Waits for the turn of a rule that writes nothing.
    pub(super) async fn wait_for_turn(&self) -> Result<(), StoreError> {
        self.run((), |_, ()| Box::pin(async { Ok(()) })).await
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
        self.measured(Mode::Write, input, rule).await
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
        self.measured(Mode::Read, input, rule).await
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "database {}", self.address)
    }
}
