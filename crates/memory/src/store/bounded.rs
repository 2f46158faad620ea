//! A bounded map whose entries expire, behind many locks.

use std::{hash::Hash, sync::MutexGuard};

use saoma_domain::time::Timestamp;

use super::{expiring::Expiring, quota::Quota, sharded::Sharded};

/// How many expired entries one write removes at most, besides its own work: more than the one entry that it may add,
/// so that expired entries never pile up in a busy store.
pub(crate) const REMOVED_PER_WRITE: usize = 4;

/// How many keys of each part a write looks at when the map is full.
pub(crate) const REMOVED_WHEN_FULL: usize = 64;

/// A map of at most so many entries. A full map takes no new entry and keeps those that it has.
#[derive(Debug)]
pub(crate) struct Bounded<K, V> {
    parts: Sharded<Expiring<K, V>>,
    room: Quota,
}

impl<K: Clone + Eq + Hash, V> Bounded<K, V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { parts: Sharded::default(), room: Quota::new(capacity) }
    }

    /// Locks the part with a key, to read it or to change an entry in place.
    pub(crate) fn lock(&self, key: &K) -> MutexGuard<'_, Expiring<K, V>> {
        self.parts.lock(key)
    }

    /// Locks the part with a key for a write, and removes expired entries if the key needs their room.
    pub(crate) fn write(&self, key: &K, now: Timestamp) -> WriteGuard<'_, K, V> {
        let mut part = self.parts.lock(key);
        self.room.give_back(part.remove_expired(now, REMOVED_PER_WRITE));
        if !part.holds(key) && self.room.is_used_up() {
            drop(part);
            self.remove_expired(now, REMOVED_WHEN_FULL);
            part = self.parts.lock(key);
        }
        WriteGuard { part, room: &self.room, now }
    }

    /// Removes expired entries, looking at no more than `at_most` keys of each part, and returns how many it removed.
    pub(crate) fn remove_expired(&self, now: Timestamp, at_most: usize) -> usize {
        let mut removed = 0;
        for mut part in self.parts.each() {
            let here = part.remove_expired(now, at_most);
            self.room.give_back(here);
            removed += here;
        }
        removed
    }

    /// Removes all entries.
    pub(crate) fn clear(&self) {
        for mut part in self.parts.each() {
            self.room.give_back(part.clear());
        }
    }

    /// Returns the parts and the room, for a store that writes several keys in one step.
    pub(crate) fn parts_and_room(&self) -> (&Sharded<Expiring<K, V>>, &Quota) {
        (&self.parts, &self.room)
    }

    /// Returns how many entries take up room, expired ones included.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.room.taken()
    }
}

/// The locked part of a map, for writes at one moment.
pub(crate) struct WriteGuard<'a, K, V> {
    part: MutexGuard<'a, Expiring<K, V>>,
    room: &'a Quota,
    now: Timestamp,
}

impl<K: Clone + Eq + Hash, V> WriteGuard<'_, K, V> {
    /// Returns a value that has not expired, to be changed.
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.part.get_mut(key, self.now)
    }

    /// Lets a value live until `until`, unless it expires later anyway.
    pub(crate) fn prolong(&mut self, key: &K, until: Timestamp) {
        self.part.prolong(key, until);
    }

    /// Inserts a value, and replaces an earlier one; returns whether there was room.
    pub(crate) fn insert(&mut self, key: K, value: V, until: Timestamp) -> bool {
        let has_room = self.part.holds(&key) || self.room.take(1);
        if has_room {
            self.part.insert(key, value, until);
        }
        has_room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    #[test]
    fn a_full_map_takes_no_new_key_and_keeps_the_old_ones() {
        let map = Bounded::new(2);
        for key in 0..2 {
            assert!(map.write(&key, secs(0)).insert(key, "old", secs(10)));
        }
        assert!(!map.write(&2, secs(0)).insert(2, "new", secs(10)));
        assert!(map.write(&1, secs(0)).insert(1, "newer", secs(10)));
        assert_eq!(map.lock(&1).get(&1, secs(0)), Some(&"newer"));
        assert_eq!(map.len(), 2);

        assert!(map.write(&2, secs(12)).insert(2, "new", secs(20)), "an expired entry makes room");
        map.remove_expired(secs(12), usize::MAX);
        assert_eq!(map.len(), 1);
        map.clear();
        assert_eq!(map.len(), 0);
    }

    #[test]
    fn an_expired_entry_is_replaced_without_more_room() {
        let map = Bounded::new(1);
        assert!(map.write(&1, secs(0)).insert(1, "old", secs(10)));
        let mut write = map.write(&1, secs(10));
        assert_eq!(write.get_mut(&1), None);
        assert!(write.insert(1, "new", secs(20)));
        drop(write);
        assert_eq!(map.len(), 1);
    }
}
