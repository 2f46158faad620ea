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
    /// How late the timer and the turn were the last time.
    timer: Duration,
    turn: Duration,
    /// How many requests came since this look began, and during the one before it.
    requests: u32,
    requests_before: u32,
}

/// Watches how late the worker of this thread is, for as long as it runs.
pub(crate) async fn watch_load(database: Arc<dyn Health>) {
    loop {
        change(|load| load.next(Instant::now() + PAUSE));
        sleep(PAUSE).await;
        let heard = Instant::now();
        change(|load| Load { timer: load.overdue(heard), due: Some(heard), ..load });
        let is_busy = LOAD.get().is_busy();
        if is_busy {
            // A turn that does not come has let the worker wait as well.
            let _ = database.turn().await;
        }
        let turn = if is_busy { heard.elapsed() } else { Duration::ZERO };
        change(|load| Load { turn, ..load });
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
    const NONE: Self =
        Self { due: None, timer: Duration::ZERO, turn: Duration::ZERO, requests: 0, requests_before: 0 };

    /// Begins the next look.
    fn next(self, due: Instant) -> Self {
        Self { due: Some(due), requests: 0, requests_before: self.requests, ..self }
    }

    fn is_busy(&self) -> bool {
        self.requests.max(self.requests_before) >= MANY
    }

    fn overdue(&self, now: Instant) -> Duration {
        self.due.map_or(Duration::ZERO, |due| now.saturating_duration_since(due))
    }

    fn puts_off(&self, urgency: Urgency, now: Instant) -> bool {
        let late = self.timer.max(self.turn).max(self.overdue(now));
        match urgency {
            Urgency::NewLogin => late > LATE,
            Urgency::Step => late > VERY_LATE,
            Urgency::Wait => late > TOO_LATE,
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
        for part in [|late| Load { timer: late, ..Load::NONE }, |late| Load { turn: late, ..Load::NONE }] {
            assert_eq!(put_off(part(LATE), now), [false; 4]);
            assert_eq!(put_off(part(LATE + ms), now), [true, false, false, false]);
            assert_eq!(put_off(part(VERY_LATE + ms), now), [true, true, false, false]);
            assert_eq!(put_off(part(TOO_LATE + ms), now), [true, true, true, false]);
        }
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
