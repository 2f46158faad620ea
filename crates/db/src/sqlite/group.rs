//! Group commit: what waits to be written is one transaction, with one wait for the disk. No caller is told of what is not
//! committed.
//!
//! Rules fail seldom, so they run one behind the other. Only where one fails do all of them run again, each in a savepoint: there
//! SQLite copies each page before it changes.

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
    /// It is gone, with all that was written in it.
    Lost(Error),
}

/// Runs one job of a transaction. An error means that the transaction is of no use any more.
type RunJob = fn(&mut Connection, &mut dyn Job) -> QueryResult<()>;

/// Runs jobs in one transaction, and answers them after it is committed. A job that fails is undone alone.
///
/// When the transaction is lost, which SQLite itself may do to one on a full disk, each job runs again in one of its
/// own: then a job fails for its own reasons only.
pub(super) fn commit_together(connection: &mut Connection, mut jobs: Vec<Box<dyn Job>>) {
    if jobs.is_empty() {
        return;
    }
    let mut committed = in_one_transaction(connection, &mut jobs, without_savepoint);
    if let Err(Broken::Lost(error)) = &committed {
        tracing::debug!(jobs = jobs.len(), %error, "rules run again, each in a savepoint");
        committed = in_one_transaction(connection, &mut jobs, in_savepoint);
    }
    match committed {
        Ok(()) => jobs.into_iter().for_each(Job::answer),
        Err(Broken::Lost(error)) if jobs.len() > 1 => {
            tracing::debug!(jobs = jobs.len(), %error, "a transaction of several rules is lost");
            one_by_one(connection, jobs);
        }
        Err(Broken::NotBegun(error) | Broken::Lost(error)) => fail(jobs, &error),
    }
}

fn one_by_one(connection: &mut Connection, jobs: Vec<Box<dyn Job>>) {
    let mut jobs = jobs.into_iter();
    while let Some(mut job) = jobs.next() {
        match in_one_transaction(connection, std::slice::from_mut(&mut job), in_savepoint) {
            Ok(()) => job.answer(),
            Err(Broken::Lost(error)) => fail([job], &error),
            // None of the others would have better luck, and each would wait for as long.
            Err(Broken::NotBegun(error)) => return fail([job].into_iter().chain(jobs), &error),
        }
    }
}

fn fail(jobs: impl IntoIterator<Item = Box<dyn Job>>, error: &Error) {
    let cause = error.to_string();
    jobs.into_iter().for_each(|job| job.fail(&cause));
}

fn in_one_transaction(
    connection: &mut Connection,
    jobs: &mut [Box<dyn Job>],
    run_job: RunJob,
) -> Result<(), Broken> {
    let begun = while_busy(RETRIES, || run(connection, Begin));
    let outcome = begun.map_err(Broken::NotBegun).and_then(|()| {
        let written = jobs.iter_mut().try_for_each(|job| run_job(connection, &mut **job));
        let committed = written.and_then(|()| while_busy(RETRIES, || run(connection, Commit)));
        committed.map_err(Broken::Lost)
    });
    if outcome.is_err() {
        // SQLite may have ended the transaction by itself; then there is nothing to roll back.
        drop(run(connection, Rollback));
    }
    outcome
}

/// Runs a job. One that fails takes the transaction with it.
///
/// Only the group itself may end the transaction. SQLite ends one only with an error, and then the rule fails; a rule that ended it
/// without one would let those behind it write for good.
fn without_savepoint(connection: &mut Connection, job: &mut dyn Job) -> QueryResult<()> {
    match job.attempt(connection) {
        Attempt::Done => Ok(()),
        Attempt::Failed | Attempt::Passing => Err(Error::RollbackTransaction),
    }
}

/// Runs a job, and undoes what it wrote if it failed. An error means that the transaction is gone: then there is no
/// savepoint to go back to.
fn in_savepoint(connection: &mut Connection, job: &mut dyn Job) -> QueryResult<()> {
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
