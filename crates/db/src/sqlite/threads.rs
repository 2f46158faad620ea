//! The threads of the connections. Each one owns its connection and serves a queue.

use std::{
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use tokio::{sync::oneshot, time};

use super::{
    connecting::open,
    dialect::Connection,
    frame::rest,
    group::commit_together,
    job::{Attempt, Job, Mode},
    location::Location,
    queue::Queue,
};
use crate::backoff::RETRIES;

/// How long opening a connection may take.
const OPENING: Duration = Duration::from_secs(5);

/// How long the thread that drops a store waits for its connections to be closed. After that they are closed later.
const CLOSING: Duration = Duration::from_secs(1);

/// What threads are there for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Duty {
    pub(super) name: &'static str,
    /// What their jobs do. Where they write, they may read too.
    pub(super) mode: Mode,
    /// How many threads there are.
    pub(super) threads: usize,
    /// How many jobs a thread takes at once.
    pub(super) at_once: usize,
}

/// Threads that serve one queue. They end when this is dropped, after the jobs that wait then.
pub(super) struct Threads {
    queue: Arc<Queue>,
    /// One for each thread; its other end goes when the connection is closed. Only `drop` looks at them.
    closed: Mutex<Vec<mpsc::Receiver<()>>>,
}

impl Threads {
    /// Starts threads, each with a connection to a location, or says why one cannot be opened.
    pub(super) async fn start(location: &Location, duty: Duty) -> Result<Self, String> {
        let mut threads = Self { queue: Arc::default(), closed: Mutex::default() };
        for _ in 0..duty.threads {
            let opened = threads.start_one(location.clone(), duty)?;
            match time::timeout(OPENING, opened).await {
                Ok(Ok(opened)) => opened?,
                Ok(Err(_)) => return Err("the thread of the connection ended".to_owned()),
                Err(_) => return Err("a connection could not be opened in time".to_owned()),
            }
        }
        Ok(threads)
    }

    fn start_one(
        &mut self,
        location: Location,
        duty: Duty,
    ) -> Result<oneshot::Receiver<Result<(), String>>, String> {
        let (queue, (tell_opened, opened)) = (Arc::clone(&self.queue), oneshot::channel());
        let (is_open, closed) = mpsc::channel();
        let run = move || {
            match open(&location, duty.mode) {
                Ok(mut connection) => {
                    drop(tell_opened.send(Ok(())));
                    serve(&mut connection, &queue, duty.at_once);
                }
                Err(reason) => drop(tell_opened.send(Err(reason))),
            }
            drop(is_open);
        };
        thread::Builder::new().name(duty.name.to_owned()).spawn(run).map_err(|error| error.to_string())?;
        self.closed.get_mut().unwrap_or_else(PoisonError::into_inner).push(closed);
        Ok(opened)
    }

    /// The queue that they serve.
    pub(super) fn queue(&self) -> &Queue {
        &self.queue
    }
}

impl Drop for Threads {
    /// Waits for the connections to be closed, so that the file can be opened, moved or removed by what comes next.
    fn drop(&mut self) {
        self.queue.close();
        for closed in self.closed.get_mut().unwrap_or_else(PoisonError::into_inner) {
            // Nothing is ever sent.
            let _ = closed.recv_timeout(CLOSING);
        }
    }
}

/// Runs jobs until the queue is closed.
fn serve(connection: &mut Connection, queue: &Queue, at_once: usize) {
    loop {
        let jobs = queue.take(at_once);
        if jobs.is_empty() {
            return;
        }
        let accepted = jobs.into_iter().filter(|job| job.accept());
        let (writes, reads): (Vec<_>, Vec<_>) = accepted.partition(|job| job.mode() == Mode::Write);
        commit_together(connection, writes);
        for job in reads {
            read(connection, job);
        }
    }
}

fn read(connection: &mut Connection, mut job: Box<dyn Job>) {
    for retried in 0..RETRIES {
        if job.attempt(connection) != Attempt::Passing {
            return job.answer();
        }
        rest(retried);
    }
    job.attempt(connection);
    job.answer();
}
