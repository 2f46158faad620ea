//! Copies of what a node has read from a shared cache a moment ago.

use std::{
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use saoma_domain::{ports::Clock, time::Timestamp};

use super::{bounded::Bounded, sharded::Sharded};

/// Copies of entries of a shared cache, for as long as the node hears of changes.
///
/// A copy is dropped when a change of its entry is heard of, when the node stops hearing, and after `believed_for`: so long
/// a change can stay unknown whose notification was lost. A read that began before a change was heard of leaves no copy,
/// since the node cannot tell which of the two came first.
pub(crate) struct Copies<K, V> {
    pub(crate) entries: Bounded<K, V>,
    /// How many changes were heard of, in each part.
    changes: Sharded<u64>,
    is_listening: AtomicBool,
    believed_for: Duration,
    clock: Arc<dyn Clock>,
}

/// A moment before a read of the shared cache.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadBegun(u64);

impl<K: Clone + Eq + Hash, V: Clone> Copies<K, V> {
    /// Makes no copies yet: the node has to hear of changes first.
    pub(crate) fn new(clock: Arc<dyn Clock>, capacity: usize, believed_for: Duration) -> Self {
        Self {
            entries: Bounded::new(capacity),
            changes: Sharded::default(),
            is_listening: AtomicBool::new(false),
            believed_for,
            clock,
        }
    }

    /// Returns the copy of an entry, if it is to be believed.
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        if !self.is_listening.load(Ordering::Acquire) {
            return None;
        }
        self.entries.lock(key).get(key, self.clock.now()).cloned()
    }

    /// Notes that an entry is going to be read from the shared cache.
    pub(crate) fn read_begins(&self, key: &K) -> ReadBegun {
        ReadBegun(*self.changes.lock(key))
    }

    /// Keeps a copy of an entry that was read, until `until` at the latest.
    pub(crate) fn keep(&self, key: &K, value: V, begun: ReadBegun, until: Timestamp) {
        if !self.is_listening.load(Ordering::Acquire) {
            return;
        }
        let now = self.clock.now();
        // Held until the copy is there: a change that is heard of now waits, and then drops it.
        let changes = self.changes.lock(key);
        if *changes == begun.0 {
            self.entries.write(key, now).insert(key.clone(), value, until.min(now.plus(self.believed_for)));
        }
    }

    /// Drops the copy of an entry that has changed.
    pub(crate) fn drop_one(&self, key: &K) {
        *self.changes.lock(key) += 1;
        self.entries.lock(key).expire(key, self.clock.now());
    }

    /// Drops all copies, and keeps new ones from now on.
    pub(crate) fn listen(&self) {
        self.drop_all();
        self.is_listening.store(true, Ordering::Release);
    }

    /// Drops all copies, and keeps none until [`Copies::listen`].
    pub(crate) fn stop_listening(&self) {
        self.is_listening.store(false, Ordering::Release);
        self.drop_all();
    }

    fn drop_all(&self) {
        for mut changes in self.changes.each() {
            *changes += 1;
        }
        self.entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use saoma_testing::ManualClock;

    use super::*;

    fn secs(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    fn copies() -> (Copies<u32, &'static str>, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::new(secs(0)));
        (Copies::new(clock.clone(), 9, Duration::from_secs(5)), clock)
    }

    fn keep(copies: &Copies<u32, &'static str>, key: u32) {
        copies.keep(&key, "copy", copies.read_begins(&key), secs(60));
    }

    #[test]
    fn copies_are_kept_only_while_changes_are_heard_of() {
        let (copies, _clock) = copies();
        keep(&copies, 1);
        copies.listen();
        assert_eq!(copies.get(&1), None, "from before");
        keep(&copies, 1);
        assert_eq!(copies.get(&1), Some("copy"));
        let begun = copies.read_begins(&2);
        copies.stop_listening();
        assert_eq!(copies.get(&1), None);
        copies.listen();
        copies.keep(&2, "copy", begun, secs(60));
        assert_eq!((copies.get(&1), copies.get(&2)), (None, None), "changes were missed");
    }

    #[test]
    fn a_copy_goes_with_the_change_of_its_entry_and_after_its_time() {
        let (copies, clock) = copies();
        copies.listen();
        for key in [1, 2] {
            keep(&copies, key);
        }
        copies.drop_one(&1);
        assert_eq!((copies.get(&1), copies.get(&2)), (None, Some("copy")));
        clock.set(secs(5));
        assert_eq!(copies.get(&2), None);
        copies.keep(&3, "copy", copies.read_begins(&3), secs(6));
        clock.set(secs(6));
        assert_eq!(copies.get(&3), None, "its entry is over");
    }

    #[test]
    fn a_read_that_began_before_a_change_leaves_no_copy() {
        let (copies, _clock) = copies();
        copies.listen();
        let begun = copies.read_begins(&1);
        copies.drop_one(&1);
        copies.keep(&1, "old", begun, secs(60));
        assert_eq!(copies.get(&1), None);
        keep(&copies, 1);
        assert_eq!(copies.get(&1), Some("copy"));
    }
}
