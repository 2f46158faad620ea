//! The session keys of one process.

use std::sync::Arc;

use async_trait::async_trait;
use saoma_domain::{
    login::LoginId,
    ports::{Clock, SessionKeys, StoreError},
    time::Timestamp,
};

use crate::store::{Expiring, Quota, SWEPT_AT_ONCE, SWEPT_WHEN_FULL, Sharded};

/// The sealed session keys of a node that shares them with no other.
///
/// When it is full it takes no key of another login; those that it has stay. A key that was forgotten leaves
/// its place empty until its time is over, so that what has to be swept is bounded too.
pub struct MemorySessionKeys {
    shards: Sharded<Expiring<LoginId, Option<Vec<u8>>>>,
    keys: Quota,
    clock: Arc<dyn Clock>,
}

impl MemorySessionKeys {
    /// Room for 100,000 keys, about 200 bytes each.
    pub const DEFAULT_CAPACITY: usize = 100_000;

    /// Returns an empty store for at most `capacity` keys that forgets by this clock.
    pub fn new(clock: Arc<dyn Clock>, capacity: usize) -> Self {
        Self { shards: Sharded::default(), keys: Quota::new(capacity), clock }
    }

    /// Removes at most so many entries of each part that count no more, and returns how many.
    pub(crate) fn reconcile(&self, now: Timestamp, at_most: usize) -> usize {
        let mut removed = 0;
        for mut shard in self.shards.each() {
            let here = shard.reconcile(now, at_most);
            self.keys.give_back(here);
            removed += here;
        }
        removed
    }

    /// Keeps a key and returns whether there was room.
    fn keep(&self, login: LoginId, sealed: Vec<u8>, until: Timestamp, now: Timestamp) -> bool {
        let mut shard = self.shards.lock(&login);
        self.keys.give_back(shard.reconcile(now, SWEPT_AT_ONCE));
        let has_place = shard.holds(&login) || self.keys.take(1);
        if has_place {
            shard.insert(login, Some(sealed), until);
        }
        has_place
    }
}

#[async_trait]
impl SessionKeys for MemorySessionKeys {
    async fn put(&self, login: LoginId, sealed: Vec<u8>, until: Timestamp) -> Result<(), StoreError> {
        let now = self.clock.now();
        if self.keys.is_used_up() {
            self.reconcile(now, SWEPT_WHEN_FULL);
        }
        if self.keep(login, sealed, until, now) {
            return Ok(());
        }
        Err(StoreError::Unavailable("too many session keys are kept".to_owned()))
    }

    async fn find(&self, login: LoginId, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.shards.lock(&login).get(&login, now).cloned().flatten())
    }

    async fn forget(&self, login: LoginId) -> Result<(), StoreError> {
        if let Some(sealed) = self.shards.lock(&login).get_mut(&login, self.clock.now()) {
            *sealed = None;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{at, login};

    use super::*;
    use saoma_testing::ManualClock;

    #[tokio::test]
    async fn a_full_store_takes_no_more_keys_and_keeps_the_old_ones() {
        let clock = Arc::new(ManualClock::new(at(0)));
        let keys = MemorySessionKeys::new(clock.clone(), 2);
        for number in 0..2 {
            keys.put(login(number), vec![1], at(600)).await.unwrap();
        }
        keys.forget(login(0)).await.unwrap();
        let refused = keys.put(login(2), vec![1], at(600)).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))));
        keys.put(login(1), vec![2], at(600)).await.unwrap();
        assert_eq!(keys.find(login(1), at(1)).await, Ok(Some(vec![2])));

        clock.set(at(602));
        keys.put(login(2), vec![3], at(900)).await.unwrap();
        assert_eq!(keys.keys.taken(), 1);
        keys.reconcile(at(1000), usize::MAX);
        assert_eq!(keys.keys.taken(), 0);
    }
}
