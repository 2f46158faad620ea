//! State that is spread over many locks.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// More than a machine has cores, so that two threads seldom want the same lock.
const SHARDS: usize = 64;

/// Parts of some state, each behind a lock of its own; a key always leads to the same part.
#[derive(Debug)]
pub(crate) struct Sharded<S> {
    shards: [Mutex<S>; SHARDS],
    hasher: RandomState,
}

impl<S: Default> Default for Sharded<S> {
    fn default() -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()), hasher: RandomState::new() }
    }
}

impl<S> Sharded<S> {
    /// Locks the part that a key leads to.
    pub(crate) fn lock(&self, key: &(impl Hash + ?Sized)) -> MutexGuard<'_, S> {
        let [first, ..] = &self.shards;
        lock(self.shards.get(self.index(key)).unwrap_or(first))
    }

    /// Locks the parts that the keys lead to, always in the same order, so that two callers cannot deadlock.
    pub(crate) fn lock_all<'a, K>(&self, keys: impl IntoIterator<Item = &'a K>) -> Locked<'_, S>
    where
        K: Hash + ?Sized + 'a,
    {
        let of_keys: Vec<usize> = keys.into_iter().map(|key| self.index(key)).collect();
        let mut indexes = of_keys.clone();
        indexes.sort_unstable();
        indexes.dedup();
        let parts = indexes.iter().filter_map(|index| self.shards.get(*index)).map(lock).collect();
        let of_keys = of_keys.iter().filter_map(|index| indexes.binary_search(index).ok()).collect();
        Locked { parts, of_keys }
    }

    /// Locks one part after the other.
    pub(crate) fn each(&self) -> impl Iterator<Item = MutexGuard<'_, S>> {
        self.shards.iter().map(lock)
    }

    fn index(&self, key: &(impl Hash + ?Sized)) -> usize {
        // The remainder is below 64 whatever the width of a pointer.
        usize::try_from(self.hasher.hash_one(key) % SHARDS as u64).unwrap_or(0)
    }
}

/// Locks a part even after a panic of another user: at worst one entry is half written, and entries are cached values
/// or counters.
fn lock<S>(shard: &Mutex<S>) -> MutexGuard<'_, S> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Several parts, locked together.
#[derive(Debug)]
pub(crate) struct Locked<'a, S> {
    parts: Vec<MutexGuard<'a, S>>,
    /// The index into `parts` for each of the keys.
    of_keys: Vec<usize>,
}

impl<S> Locked<'_, S> {
    /// Returns the part of the key with this position among those that were locked.
    pub(crate) fn of_key(&mut self, position: usize) -> Option<&mut S> {
        let part = *self.of_keys.get(position)?;
        self.parts.get_mut(part).map(|part| &mut **part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_always_leads_to_the_same_part() {
        let sharded = Sharded::<u32>::default();
        for key in 0..1000 {
            *sharded.lock(&key) += 1;
        }
        let keys: Vec<i32> = (0..1000).collect();
        let mut locked = sharded.lock_all(&keys);
        for position in 0..1000 {
            *locked.of_key(position).unwrap() -= 1;
        }
        assert!(locked.of_key(1000).is_none());
        drop(locked);
        assert!(sharded.each().all(|part| *part == 0));
    }

    #[test]
    fn a_panic_of_one_user_does_not_lock_out_the_others() {
        let sharded = Sharded::<u32>::default();
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _guard = sharded.lock("key");
            panic!("while holding the lock");
        }));
        assert!(panicked.is_err());
        *sharded.lock("key") = 1;
    }
}
