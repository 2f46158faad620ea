//! Whether a worker has more to do than it can, and what it then puts off.

use std::{cell::Cell, time::Duration};

use tokio::time::Instant;

/// How often a worker looks at how late it is.
const PAUSE: Duration = Duration::from_millis(20);

/// What counts is how late a worker is at the best within this time: a moment of much work is no overload.
const WINDOW: Duration = Duration::from_millis(500);

/// Later than this a worker takes fewer new logins.
const LATE: Duration = Duration::from_millis(250);

/// Later than this it takes no step of a login any more, and later than the second only calls of WeChat and of operators.
const VERY_LATE: Duration = Duration::from_secs(1);
const TOO_LATE: Duration = Duration::from_secs(4);

/// A worker with fewer requests in a window is late for another reason, which putting them off would not change.
const MANY: u32 = 10;

/// New logins are put off in sixteenths: more of them quickly, fewer of them slowly.
const ALL: u8 = 16;
const MORE: u8 = 4;

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
    static LOAD: Cell<Load> = const { Cell::new(Load { late: Duration::ZERO, requests: 0, put_off: 0, turn: 0 }) };
}

/// The load of this thread's worker.
#[derive(Clone, Copy)]
struct Load {
    late: Duration,
    /// How many requests came in this window.
    requests: u32,
    /// How many sixteenths of the new logins are put off.
    put_off: u8,
    turn: u8,
}

/// Watches how late the worker of this thread is, for as long as it runs.
pub(crate) async fn watch_load() {
    loop {
        let (began, mut late) = (Instant::now(), Duration::MAX);
        while began.elapsed() < WINDOW {
            let asked = Instant::now();
            tokio::time::sleep(PAUSE).await;
            late = late.min(asked.elapsed().saturating_sub(PAUSE));
        }
        LOAD.set(LOAD.get().after(late));
    }
}

/// Returns whether this thread's worker has to put a request off.
pub(crate) fn puts_off(urgency: Urgency) -> bool {
    let (puts_off, next) = LOAD.get().decide(urgency);
    LOAD.set(next);
    puts_off
}

impl Load {
    fn after(self, late: Duration) -> Self {
        let is_overloaded = late > LATE && self.requests >= MANY;
        let put_off =
            if is_overloaded { (self.put_off + MORE).min(ALL) } else { self.put_off.saturating_sub(1) };
        Self { late, requests: 0, put_off, ..self }
    }

    fn decide(mut self, urgency: Urgency) -> (bool, Self) {
        self.requests = self.requests.saturating_add(1);
        let puts_off = match urgency {
            Urgency::NewLogin => {
                // Spread evenly over the turns.
                self.turn = (self.turn + 7) % ALL;
                self.turn < self.put_off
            }
            Urgency::Step => self.put_off == ALL && self.late > VERY_LATE,
            Urgency::Wait => self.put_off == ALL && self.late > TOO_LATE,
            Urgency::Never => false,
        };
        (puts_off, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(load: Load) -> [usize; 4] {
        [Urgency::NewLogin, Urgency::Step, Urgency::Wait, Urgency::Never].map(|urgency| {
            let step = |load: &mut Load, _| {
                let (puts_off, next) = load.decide(urgency);
                *load = next;
                Some(puts_off)
            };
            (0..16).scan(load, step).filter(|puts_off| *puts_off).count()
        })
    }

    #[test]
    fn new_logins_are_put_off_first_and_waits_last() {
        let busy = |load: Load| Load { requests: MANY, ..load };
        let mut load = Load { late: Duration::ZERO, requests: 0, put_off: 0, turn: 0 };
        assert_eq!(shares(load), [0, 0, 0, 0]);
        assert_eq!(shares(load.after(TOO_LATE * 2)), [0, 0, 0, 0], "there is nothing to put off");
        for expected in [4, 8, 12, 16, 16] {
            load = busy(load).after(LATE * 2);
            assert_eq!(shares(load), [expected, 0, 0, 0]);
        }
        assert_eq!(shares(busy(load).after(VERY_LATE * 2)), [16, 16, 0, 0]);
        assert_eq!(shares(busy(load).after(TOO_LATE * 2)), [16, 16, 16, 0]);
        load = busy(load).after(Duration::ZERO);
        assert_eq!(shares(load), [15, 0, 0, 0], "and then fewer and fewer");
    }
}
