//! Logins, many at a time, and what becomes of them.

mod client;
mod figures;
mod login;
mod people;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::future::BoxFuture;
use tokio::{sync::watch, task::JoinSet};

use crate::site::Site;
pub(crate) use client::{Client, Started, is_honest_503};
pub(crate) use figures::{Figures, Report, say};
pub(crate) use login::{log_in, wait_for_state};
pub(crate) use people::People;

/// How many people do something at the same time.
pub(crate) const WORKERS: usize = 16;

/// One login of so many is somebody's who is new.
const NEW: usize = 10;

/// What workers do again and again.
type Deed = Arc<dyn Fn(Turn) -> BoxFuture<'static, ()> + Send + Sync>;

/// A worker's turn.
pub(crate) struct Turn {
    pub(crate) site: Arc<Site>,
    pub(crate) people: Arc<People>,
    pub(crate) client: Arc<Client>,
    /// Which worker it is, below [`WORKERS`].
    pub(crate) worker: usize,
    /// Which turn of all.
    pub(crate) number: usize,
}

/// Logins, or what else people do, that go on while something is done to the site.
pub(crate) struct Load {
    shared: Arc<Shared>,
    workers: JoinSet<()>,
}

struct Shared {
    site: Arc<Site>,
    people: Arc<People>,
    figures: Arc<Figures>,
    deed: Deed,
    wanted: usize,
    taken: AtomicUsize,
    stopped: AtomicBool,
    done: watch::Sender<usize>,
}

impl Load {
    /// Begins with so many logins, nine of ten by people who have accounts.
    pub(crate) fn start(site: &Arc<Site>, people: &Arc<People>, logins: usize) -> Self {
        Self::of(site, people, logins, Arc::new(log_somebody_in))
    }

    /// Begins with so many turns of doing something.
    pub(crate) fn of(site: &Arc<Site>, people: &Arc<People>, turns: usize, deed: Deed) -> Self {
        let shared = Arc::new(Shared {
            site: Arc::clone(site),
            people: Arc::clone(people),
            figures: Arc::default(),
            deed,
            wanted: turns,
            taken: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
            done: watch::Sender::new(0),
        });
        let mut workers = JoinSet::new();
        for worker in 0..WORKERS {
            workers.spawn(work(Arc::clone(&shared), worker));
        }
        Self { shared, workers }
    }

    /// Begins with logins that go on until [`Load::end`].
    pub(crate) fn endless(site: &Arc<Site>, people: &Arc<People>) -> Self {
        Self::start(site, people, usize::MAX)
    }

    /// Returns how many have ended so far.
    pub(crate) fn done(&self) -> usize {
        *self.shared.done.borrow()
    }

    /// Returns once so many have ended.
    pub(crate) async fn reached(&mut self, turns: usize) {
        let mut done = self.shared.done.subscribe();
        tokio::select! {
            reached = done.wait_for(|done| *done >= turns) => drop(reached.unwrap()),
            Some(ended) = self.workers.join_next() => ended.unwrap(),
        }
    }

    /// Lets them go on for a while.
    pub(crate) async fn go_on(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    /// Returns the ids of logins that have begun and not ended.
    pub(crate) fn in_flight(&self) -> Vec<String> {
        self.shared.figures.in_flight()
    }

    /// Begins no endless ones any more, waits for all, and returns what became of them.
    pub(crate) async fn end(mut self) -> Report {
        if self.shared.wanted == usize::MAX {
            self.shared.stopped.store(true, Ordering::SeqCst);
        }
        while let Some(ended) = self.workers.join_next().await {
            ended.unwrap();
        }
        self.shared.site.assert_sound().await;
        self.shared.figures.report()
    }
}

async fn work(shared: Arc<Shared>, worker: usize) {
    let client = Arc::new(Client::new(&shared.site.balancer.url, Arc::clone(&shared.figures)));
    while !shared.stopped.load(Ordering::SeqCst) {
        let number = shared.taken.fetch_add(1, Ordering::SeqCst);
        if number >= shared.wanted {
            return;
        }
        let (site, people, client) =
            (Arc::clone(&shared.site), Arc::clone(&shared.people), Arc::clone(&client));
        (shared.deed)(Turn { site, people, client, worker, number }).await;
        shared.done.send_modify(|done| *done += 1);
    }
}

fn log_somebody_in(turn: Turn) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let Turn { site, people, client, worker: _, number } = turn;
        let is_new = number % NEW == NEW - 1;
        let person = if is_new { people.somebody_new(&site) } else { people.somebody_known() };
        log_in(&client, &people, &person).await;
    })
}
