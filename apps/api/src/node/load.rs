//! Whether a worker has more to do than it can, and what it then puts off.
//!
//! A worker looks again and again how long it takes until a timer is heard and until the database has a turn for it.
//! What it takes longer is the time that every request waits. A look that is not over yet counts as well. So requests
//! are put off only while others wait, and the worker is never idle because of it.

use std::{cell::Cell, sync::Arc, time::Duration};

use saoma_domain::ports::Health;
use tokio::time::{Instant, sleep};

/// How long a worker pauses between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// A worker that is later than this takes no new login.
const LATE: Duration = Duration::from_millis(100);

/// Later than this it takes no step of a login any more, and later than the second only calls of WeChat and of operators.
const VERY_LATE: Duration = Duration::from_secs(1);
const TOO_LATE: Duration = Duration::from_secs(4);

/// A worker that had fewer requests in the meantime is late for another reason, which putting them off would not change.
const MANY: u32 = 50;

/// How much the caller loses when a request is put off, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// A login that is not begun yet.
    NewLogin,
    /// A step of a login, or a page.
    Step,
    /// A client that waits, or the check of a session.
    Wait,
    /// WeChat, which asks three times and no more, and operators.
    Never,
}

thread_local! {
    static LOAD: Cell<Load> = const { Cell::new(Load::NONE) };
}

/// The load of this thread's worker.
#[derive(Clone, Copy)]
struct Load {
    /// When what is looked at now would be over if nothing had to wait.
    due: Option<Instant>,
    /// How late the last look found the worker, and the one before.
    late: Duration,
    late_before: Duration,
    /// How many requests came since this look began, and during the one before it.
    requests: u32,
    requests_before: u32,
}

/// Watches how late the worker of this thread is, for as long as it runs.
pub(crate) async fn watch_load(database: Arc<dyn Health>) {
    loop {
        let due = Instant::now() + PAUSE;
        change(|load| load.next(due));
        sleep(PAUSE).await;
        let heard = Instant::now();
        change(|load| Load { due: Some(heard), ..load });
        if LOAD.get().is_busy() {
            // A turn that does not come has let the worker wait as well.
            let _ = database.turn().await;
        }
        let late = heard.saturating_duration_since(due).max(heard.elapsed());
        change(|load| Load { late, late_before: load.late, ..load });
    }
}

fn change(change: impl FnOnce(Load) -> Load) {
    LOAD.set(change(LOAD.get()));
}

/// Returns whether this thread's worker has to put a request off.
pub(crate) fn puts_off(urgency: Urgency) -> bool {
    change(|load| Load { requests: load.requests.saturating_add(1), ..load });
    let load = LOAD.get();
    load.is_busy() && load.puts_off(urgency, Instant::now())
}

impl Load {
    const NONE: Self = Self {
        due: None,
        late: Duration::ZERO,
        late_before: Duration::ZERO,
        requests: 0,
        requests_before: 0,
    };

    /// Begins the next look.
    fn next(self, due: Instant) -> Self {
        Self { due: Some(due), requests: 0, requests_before: self.requests, ..self }
    }

    fn is_busy(&self) -> bool {
        self.requests.max(self.requests_before) >= MANY
    }

    fn puts_off(&self, urgency: Urgency, now: Instant) -> bool {
        let overdue = self.due.map_or(Duration::ZERO, |due| now.saturating_duration_since(due));
        // Who has begun a login, or has a session, is put off by no single moment in which nothing moved.
        let lasting = self.late.min(self.late_before);
        match urgency {
            Urgency::NewLogin => self.late.max(overdue) > LATE,
            Urgency::Step => lasting > VERY_LATE,
            Urgency::Wait => lasting > TOO_LATE,
            Urgency::Never => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put_off(load: Load, now: Instant) -> [bool; 4] {
        [Urgency::NewLogin, Urgency::Step, Urgency::Wait, Urgency::Never]
            .map(|urgency| load.puts_off(urgency, now))
    }

    #[test]
    fn new_logins_are_put_off_first_and_waits_last() {
        let (now, ms) = (Instant::now(), Duration::from_millis(1));
        let load = Load::NONE.next(now);
        assert_eq!(put_off(load, now), [false; 4]);
        assert_eq!(
            put_off(load, now + LATE + ms),
            [true, false, false, false],
            "a look that is not over counts"
        );
        let looks = |late| Load { late, late_before: late, ..Load::NONE };
        assert_eq!(put_off(looks(LATE), now), [false; 4]);
        assert_eq!(put_off(looks(LATE + ms), now), [true, false, false, false]);
        assert_eq!(put_off(looks(VERY_LATE + ms), now), [true, true, false, false]);
        assert_eq!(put_off(looks(TOO_LATE + ms), now), [true, true, true, false]);
        let once = Load { late_before: Duration::ZERO, ..looks(TOO_LATE + ms) };
        assert_eq!(put_off(once, now), [true, false, false, false], "one look may be late by chance");
    }

    #[test]
    fn a_worker_with_few_requests_is_not_busy() {
        let now = Instant::now();
        let few = Load { requests: MANY - 1, ..Load::NONE };
        assert!(!few.is_busy() && !few.next(now).is_busy());
        let many = Load { requests: MANY, ..Load::NONE };
        assert!(many.is_busy() && many.next(now).is_busy(), "those that came just before count");
        assert!(!many.next(now).next(now).is_busy());
    }
}
