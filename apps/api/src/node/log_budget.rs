//! Keeps what strangers can cause from filling the log.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

const MINUTE: Duration = Duration::from_secs(60);

/// How many lines a minute one budget allows.
const LINES: u32 = 10;

/// What lines of one kind may take of the log: ten a minute.
pub(crate) struct LogBudget(Mutex<Option<Spent>>);

struct Spent {
    since: Instant,
    lines: u32,
    withheld: u32,
}

impl LogBudget {
    /// Makes a budget of which nothing is spent.
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Returns how many lines were withheld since the last one that was not, or `None` where this one is to be withheld.
    pub(crate) fn spend(&self) -> Option<u32> {
        let now = Instant::now();
        let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Spent { since, lines, withheld } =
            spent.get_or_insert(Spent { since: now, lines: 0, withheld: 0 });
        if now.duration_since(*since) >= MINUTE {
            (*since, *lines) = (now, 0);
        }
        if *lines < LINES {
            *lines += 1;
            return Some(std::mem::take(withheld));
        }
        *withheld = withheld.saturating_add(1);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_lines_a_minute_are_written_and_the_others_counted() {
        let budget = LogBudget::new();
        assert_eq!((0..100).filter_map(|_| budget.spend()).collect::<Vec<_>>(), [0; 10]);
        budget.0.lock().unwrap().as_mut().unwrap().since -= MINUTE;
        assert_eq!((budget.spend(), budget.spend()), (Some(90), Some(0)));
    }
}
