//! A rule with its input that waits for the thread of a connection, and who waits for its outcome.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
};

use saoma_domain::event::Listeners;
use tokio::sync::oneshot;

use super::{
    dialect::{Connection, is_busy},
    tables::rows::{Rule, SqlRows},
};
use crate::failure::Failure;

/// Who hears events as long as nothing else was said.
static NO_LISTENERS: Listeners = Listeners::NONE;

/// What a job does with rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Read,
    Write,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    Done,
    Failed,
    /// Another attempt may help.
    Passing,
}

/// A job of any input and outcome.
pub(super) trait Job: Send {
    fn mode(&self) -> Mode;

    /// Returns whether the job is to be run: its caller has not given it up. From now on it runs to its end.
    fn accept(&self) -> bool;

    /// Makes an attempt, and keeps its outcome in place of an earlier one.
    fn attempt(&mut self, connection: &mut Connection) -> Attempt;

    /// Tells the outcome to the caller, if there still is one.
    fn answer(self: Box<Self>);

    /// Tells the caller that nothing was committed: why the job itself failed, or else this cause.
    fn fail(self: Box<Self>, cause: &str);
}

/// What the thread and the caller both hold: who was first to take the job. That is the thread, which then runs it to
/// its end, or the caller, who then has given it up.
#[derive(Clone, Default)]
pub(super) struct Turn(Arc<AtomicBool>);

impl Turn {
    /// Returns whether this call was the first one.
    pub(super) fn take(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}

/// A job.
pub(super) struct Work<I, T> {
    mode: Mode,
    listeners: Arc<OnceLock<Listeners>>,
    input: I,
    rule: Rule<I, T>,
    turn: Turn,
    /// The outcome of the last attempt.
    outcome: Option<Result<T, Failure>>,
    caller: oneshot::Sender<Answer<I, T>>,
}

/// What a caller gets: the outcome, and its input back. The thread that writes is the busiest one, and memory is freed at the
/// least cost by the thread that asked for it.
pub(super) type Answer<I, T> = (Result<T, Failure>, I);

impl<I, T> Work<I, T> {
    /// Makes a job, and returns what its caller waits for.
    pub(super) fn new(
        mode: Mode,
        listeners: Arc<OnceLock<Listeners>>,
        input: I,
        rule: Rule<I, T>,
    ) -> (Self, Turn, oneshot::Receiver<Answer<I, T>>) {
        let (caller, answer) = oneshot::channel();
        let turn = Turn::default();
        (Self { mode, listeners, input, rule, turn: turn.clone(), outcome: None, caller }, turn, answer)
    }
}

impl<I: Send, T: Send> Job for Work<I, T> {
    fn mode(&self) -> Mode {
        self.mode
    }

    fn accept(&self) -> bool {
        self.turn.take()
    }

    fn attempt(&mut self, connection: &mut Connection) -> Attempt {
        let listeners = self.listeners.get().unwrap_or(&NO_LISTENERS);
        let outcome = at_once(connection, listeners, &self.input, self.rule);
        let attempt = match &outcome {
            Ok(_) => Attempt::Done,
            Err(failure) if failure.is_passing(is_busy) => Attempt::Passing,
            Err(_) => Attempt::Failed,
        };
        self.outcome = Some(outcome);
        attempt
    }

    fn answer(self: Box<Self>) {
        if let Some(outcome) = self.outcome {
            // A caller that has gone is told nothing.
            drop(self.caller.send((outcome, self.input)));
        }
    }

    fn fail(self: Box<Self>, cause: &str) {
        let own = self.outcome.and_then(Result::err);
        let failure = own.unwrap_or_else(|| Failure::Unavailable(cause.to_owned()));
        drop(self.caller.send((Err(failure), self.input)));
    }
}

/// Runs a rule to its end. Row operations do not wait here, so that a rule that does waits for something else, while
/// it keeps all others from their rows: it is a defect.
fn at_once<I, T>(
    connection: &mut Connection,
    listeners: &Listeners,
    input: &I,
    rule: Rule<I, T>,
) -> Result<T, Failure> {
    let attempt = AssertUnwindSafe(|| {
        let attempt = pin!(SqlRows::attempt(connection, listeners, input, rule));
        match attempt.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => {
                Err(Failure::Unavailable("a rule waited for something that is no row".to_owned()))
            }
        }
    });
    // What it wrote is taken back, and Diesel resets the statement under way: the connection stays of use.
    catch_unwind(attempt).unwrap_or_else(|_| Err(Failure::Unavailable("the work panicked".to_owned())))
}
