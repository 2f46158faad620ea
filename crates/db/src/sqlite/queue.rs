//! The jobs that wait for a thread: first come, first served, and not more than there is room for.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use super::job::Job;

/// How many jobs may wait. Those in a full queue would not all have their turn in time.
const ROOM: usize = 1024;

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Box<dyn Job>>,
    /// How many threads wait for a job.
    idle: usize,
    is_closed: bool,
}

/// A queue that any number of threads may serve.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

impl Queue {
    /// Adds a job, and returns whether there was room for it.
    pub(super) fn push(&self, job: Box<dyn Job>) -> bool {
        let mut waiting = self.waiting();
        if waiting.is_closed || waiting.jobs.len() >= ROOM {
            return false;
        }
        waiting.jobs.push_back(job);
        let is_awaited = waiting.idle > 0;
        drop(waiting);
        if is_awaited {
            self.changed.notify_one();
        }
        true
    }

    /// Waits for jobs, and takes at most so many; none when the queue is closed and empty.
    pub(super) fn take(&self, at_most: usize) -> Vec<Box<dyn Job>> {
        let mut waiting = self.waiting();
        while waiting.jobs.is_empty() && !waiting.is_closed {
            waiting.idle += 1;
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            waiting.idle -= 1;
        }
        let taken = waiting.jobs.len().min(at_most);
        waiting.jobs.drain(..taken).collect()
    }

    /// Returns whether a thread waits for a job, or was told of one and did not run yet.
    pub(super) fn has_idle_thread(&self) -> bool {
        self.waiting().idle > 0
    }

    /// Lets the threads end after the jobs that wait now.
    pub(super) fn close(&self) {
        self.waiting().is_closed = true;
        self.changed.notify_all();
    }

    /// No code under this lock leaves it half changed.
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
