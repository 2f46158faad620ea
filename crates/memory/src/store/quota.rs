//! A number of entries that is never exceeded.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the entries that a store may still take.
#[derive(Debug)]
pub(crate) struct Quota {
    taken: AtomicUsize,
    capacity: usize,
}

impl Quota {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { taken: AtomicUsize::new(0), capacity }
    }

    /// Takes room for so many entries, or none, and returns whether there was enough.
    pub(crate) fn take(&self, entries: usize) -> bool {
        let more = |taken: usize| taken.checked_add(entries).filter(|taken| *taken <= self.capacity);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
    }

    /// Gives the room of so many entries back.
    pub(crate) fn give_back(&self, entries: usize) {
        self.taken.fetch_sub(entries, Ordering::Relaxed);
    }

    pub(crate) fn is_used_up(&self) -> bool {
        self.taken.load(Ordering::Relaxed) >= self.capacity
    }

    #[cfg(test)]
    pub(crate) fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::Quota;

    #[test]
    fn no_more_entries_are_taken_than_there_is_room_for() {
        let quota = Quota::new(3);
        assert!(quota.take(2));
        assert!(!quota.take(2), "all or none");
        assert!(!quota.take(usize::MAX));
        assert!(quota.take(1) && quota.is_used_up());
        quota.give_back(3);
        assert_eq!(quota.taken(), 0);
    }
}
