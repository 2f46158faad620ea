//! A number of places that is never exceeded.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts places that are taken.
#[derive(Debug)]
pub(crate) struct Quota {
    taken: AtomicUsize,
    places: usize,
}

impl Quota {
    pub(crate) fn new(places: usize) -> Self {
        Self { taken: AtomicUsize::new(0), places }
    }

    /// Takes so many places and returns whether there were as many.
    pub(crate) fn take(&self, places: usize) -> bool {
        let more = |taken: usize| taken.checked_add(places).filter(|taken| *taken <= self.places);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
    }

    /// Gives so many places back.
    pub(crate) fn give_back(&self, places: usize) {
        self.taken.fetch_sub(places, Ordering::Relaxed);
    }

    pub(crate) fn is_used_up(&self) -> bool {
        self.taken.load(Ordering::Relaxed) >= self.places
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
    fn no_more_places_are_taken_than_there_are() {
        let quota = Quota::new(3);
        assert!(quota.take(2));
        assert!(!quota.take(2), "all or none");
        assert!(!quota.take(usize::MAX));
        assert!(quota.take(1) && quota.is_used_up());
        quota.give_back(3);
        assert_eq!(quota.taken(), 0);
    }
}
