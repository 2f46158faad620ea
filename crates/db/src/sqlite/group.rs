//! Group commit: what waits to be written is one transaction, with one wait for the disk. No caller is told of what is not
//! committed.
//!
//! Rules fail seldom, so they run one behind the other, and only where one fails do all of them run again, each in a savepoint:
//! SQLite copies every page before it changes in one.

use diesel::{QueryResult, result::Error};

use super::{
    dialect::Connection,
    frame::{Begin, Commit, ReleaseSavepoint, Rollback, RollbackToSavepoint, Savepoint, run, while_busy},
    job::{Attempt, Job},
};
use crate::backoff::RETRIES;

/// Why a transaction was not committed.
enum Broken {
    /// It did not begin: another process writes, or the file is of no use.
    NotBegun(Error),
    /// A rule failed, and took the others with it.
    ByRule,
    /// It is gone, with all that was written in it.
    Lost(Error),
}

/// Runs one job of a transaction.
type RunJob = fn(&mut Connection, &mut dyn Job) -> Result<(), Broken>;

/// Runs jobs in one transaction, and answers them after it is committed. A job that fails is undone alone.
///
/// When the transaction is lost, which SQLite itself may do to one on a full disk, each job runs again in one of its
/// own: then a job fails for its own reasons only.
pub(super) fn commit_together(connection: &mut Connection, mut jobs: Vec<Box<dyn Job>>) {
    if jobs.is_empty() {
        return;
    }
    let committed = match in_one_transaction(connection, &mut jobs, in_the_open) {
        Err(Broken::ByRule) => in_one_transaction(connection, &mut jobs, in_savepoint),
        committed => committed,
    };
    match committed {
        Ok(()) => jobs.into_iter().for_each(Job::answer),
        Err(Broken::Lost(error)) if jobs.len() > 1 => {
            tracing::debug!(jobs = jobs.len(), %error, "a transaction of several rules is lost");
            one_by_one(connection, jobs);
        }
        Err(broken) => fail(jobs, &broken.cause()),
    }
}

fn one_by_one(connection: &mut Connection, jobs: Vec<Box<dyn Job>>) {
    let mut jobs = jobs.into_iter();
    while let Some(mut job) = jobs.next() {
        match in_one_transaction(connection, std::slice::from_mut(&mut job), in_savepoint) {
            Ok(()) => job.answer(),
            Err(broken @ (Broken::ByRule | Broken::Lost(_))) => job.fail(&broken.cause()),
            // None of the others would have better luck, and each would wait for as long.
            Err(broken @ Broken::NotBegun(_)) => return fail([job].into_iter().chain(jobs), &broken.cause()),
        }
    }
}

fn fail(jobs: impl IntoIterator<Item = Box<dyn Job>>, cause: &str) {
    jobs.into_iter().for_each(|job| job.fail(cause));
}

impl Broken {
    fn cause(&self) -> String {
        match self {
            Self::NotBegun(error) | Self::Lost(error) => error.to_string(),
            Self::ByRule => "a rule failed".to_owned(),
        }
    }
}

fn in_one_transaction(
    connection: &mut Connection,
    jobs: &mut [Box<dyn Job>],
    run_job: RunJob,
) -> Result<(), Broken> {
    let begun = while_busy(RETRIES, || run(connection, Begin));
    let outcome = begun.map_err(Broken::NotBegun).and_then(|()| {
        jobs.iter_mut().try_for_each(|job| run_job(connection, &mut **job))?;
        while_busy(RETRIES, || run(connection, Commit)).map_err(Broken::Lost)
    });
    if outcome.is_err() {
        // SQLite may have ended the transaction by itself; then there is nothing to roll back.
        drop(run(connection, Rollback));
    }
    outcome
}

/// Runs a job. What it wrote can be undone only with the whole transaction.
fn in_the_open(connection: &mut Connection, job: &mut dyn Job) -> Result<(), Broken> {
    match job.attempt(connection) {
        Attempt::Done => Ok(()),
        Attempt::Failed | Attempt::Passing => Err(Broken::ByRule),
    }
}

/// Runs a job, and undoes what it wrote if it failed. An error means that the transaction is gone: then there is no
/// savepoint to go back to.
fn in_savepoint(connection: &mut Connection, job: &mut dyn Job) -> Result<(), Broken> {
    attempts(connection, job).map_err(Broken::Lost)
}

fn attempts(connection: &mut Connection, job: &mut dyn Job) -> QueryResult<()> {
    run(connection, Savepoint)?;
    for _ in 0..=RETRIES {
        match job.attempt(connection) {
            Attempt::Done => break,
            Attempt::Failed => {
                run(connection, RollbackToSavepoint)?;
                break;
            }
            Attempt::Passing => run(connection, RollbackToSavepoint)?,
        }
    }
    run(connection, ReleaseSavepoint)
}
