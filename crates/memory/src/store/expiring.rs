//! A map whose entries expire.

use std::{
    borrow::Borrow,
    collections::{BTreeMap, HashMap},
    hash::Hash,
};

use saoma_domain::time::Timestamp;

/// Below this many entries the map keeps the memory it has.
const WORTH_SHRINKING: usize = 256;

/// A map whose entries expire, and are removed a few at a time.
///
/// Every key is in the queue exactly once, under the second in which its entry was last known to expire. When that
/// second has passed and the entry has been prolonged, the key moves to the new second. So an entry that is prolonged
/// often costs no more than one that is not.
#[derive(Debug)]
pub(crate) struct Expiring<K, V> {
    entries: HashMap<K, Entry<V>>,
    queue: BTreeMap<i64, Vec<K>>,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    until: Timestamp,
}

impl<K, V> Default for Expiring<K, V> {
    fn default() -> Self {
        Self { entries: HashMap::new(), queue: BTreeMap::new() }
    }
}

impl<K: Clone + Eq + Hash, V> Expiring<K, V> {
    /// Returns a value that has not expired.
    pub(crate) fn get<Q>(&self, key: &Q, now: Timestamp) -> Option<&V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.entries.get(key).filter(|entry| now < entry.until).map(|entry| &entry.value)
    }

    /// Returns a value that has not expired, to be changed.
    pub(crate) fn get_mut<Q>(&mut self, key: &Q, now: Timestamp) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.entries.get_mut(key).filter(|entry| now < entry.until).map(|entry| &mut entry.value)
    }

    /// Returns whether a key takes up room; its value may have expired.
    pub(crate) fn holds<Q>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.entries.contains_key(key)
    }

    /// Inserts a value, and replaces an earlier one.
    pub(crate) fn insert(&mut self, key: K, value: V, until: Timestamp) {
        if self.entries.insert(key.clone(), Entry { value, until }).is_none() {
            self.enqueue(key, until);
        }
    }

    /// Lets a value live until `until`, unless it expires later anyway.
    pub(crate) fn prolong<Q>(&mut self, key: &Q, until: Timestamp)
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.until = entry.until.max(until);
        }
    }

    /// Lets a value expire at `now`, unless it has expired already.
    pub(crate) fn expire<Q>(&mut self, key: &Q, now: Timestamp)
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.until = entry.until.min(now);
        }
    }

    /// Removes expired entries, looking at no more than `at_most` keys, and returns how many it removed.
    pub(crate) fn remove_expired(&mut self, now: Timestamp, at_most: usize) -> usize {
        let mut removed = 0;
        for _ in 0..at_most {
            let Some(key) = self.next_due(now) else { break };
            match self.entries.get(&key).map(|entry| entry.until) {
                Some(until) if now < until => self.enqueue(key, until),
                Some(_) => removed += usize::from(self.entries.remove(&key).is_some()),
                None => {}
            }
        }
        if removed > 0 {
            self.shrink();
        }
        removed
    }

    /// Removes all entries and returns how many there were.
    pub(crate) fn clear(&mut self) -> usize {
        let removed = self.entries.len();
        *self = Self::default();
        removed
    }

    fn enqueue(&mut self, key: K, until: Timestamp) {
        self.queue.entry(until.as_secs()).or_default().push(key);
    }

    /// Takes a key out of the first second that has passed.
    fn next_due(&mut self, now: Timestamp) -> Option<K> {
        let mut second = self.queue.first_entry().filter(|second| *second.key() < now.as_secs())?;
        let key = second.get_mut().pop();
        if second.get().is_empty() {
            second.remove();
        }
        key
    }

    /// Gives memory back after a flood. The map is copied only when three quarters of it are empty, so a removal stays
    /// cheap on average.
    fn shrink(&mut self) {
        if self.entries.capacity() > WORTH_SHRINKING && self.entries.len() < self.entries.capacity() / 4 {
            self.entries.shrink_to(self.entries.len() * 2);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    fn queued(map: &Expiring<u32, ()>) -> usize {
        map.queue.values().map(Vec::len).sum()
    }

    #[test]
    fn an_expired_entry_is_not_read_even_before_it_is_removed() {
        let mut map = Expiring::default();
        map.insert(1, (), Timestamp::from_millis(1500));
        assert!(map.get(&1, Timestamp::from_millis(1499)).is_some());
        assert!(map.get(&1, Timestamp::from_millis(1500)).is_none());
        assert!(map.holds(&1));
        assert_eq!(map.remove_expired(secs(2), 10), 1);
        assert!(!map.holds(&1));
    }

    #[test]
    fn a_removal_looks_at_no_more_keys_than_it_may() {
        let mut map = Expiring::default();
        for key in 0..10 {
            map.insert(key, (), secs(5));
        }
        assert_eq!(map.remove_expired(secs(5), 10), 0, "not before the second has passed");
        assert_eq!(
            [map.remove_expired(secs(6), 4), map.remove_expired(secs(6), 4), map.remove_expired(secs(6), 4)],
            [4, 4, 2]
        );
        assert_eq!((map.entries.len(), queued(&map)), (0, 0));
    }

    #[test]
    fn a_key_that_is_prolonged_a_thousand_times_is_queued_once() {
        let mut map = Expiring::default();
        for second in 1..1000 {
            map.insert(7, (), secs(second));
            map.prolong(&7, secs(second + 5));
            map.prolong(&7, secs(second));
            assert_eq!(map.remove_expired(secs(second), 4), 0);
            assert_eq!((map.entries.len(), queued(&map)), (1, 1));
        }
        assert!(map.get(&7, secs(1003)).is_some());
        assert_eq!(map.remove_expired(secs(1005), 4), 1);
    }

    #[test]
    fn the_memory_of_a_flood_is_given_back() {
        let mut map = Expiring::default();
        for key in 0..100_000 {
            map.insert(key, (), secs(5));
        }
        assert_eq!(map.remove_expired(secs(6), usize::MAX), 100_000);
        assert!(map.entries.capacity() <= WORTH_SHRINKING, "{}", map.entries.capacity());
        assert!(map.queue.is_empty());
    }
}
