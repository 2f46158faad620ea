//! The session keys of one process.

use std::sync::Arc;

use async_trait::async_trait;
use saoma_domain::{
    login::LoginId,
    ports::{Clock, SessionKeys, StoreError},
    time::Timestamp,
};

use crate::store::Bounded;

/// The sealed session keys of a node that shares them with no other.
///
/// A full store refuses the key of another login and keeps those that it has. A key that is forgotten leaves an empty
/// entry until it expires, so that the queue of expiring entries is bounded too.
pub struct MemorySessionKeys {
    pub(crate) keys: Bounded<LoginId, Option<Vec<u8>>>,
    clock: Arc<dyn Clock>,
}

impl MemorySessionKeys {
    /// 100,000 keys, at most 300 bytes each.
    pub const DEFAULT_CAPACITY: usize = 100_000;

    /// Returns an empty store for at most `capacity` keys that expire by this clock.
    pub fn new(clock: Arc<dyn Clock>, capacity: usize) -> Self {
        Self { keys: Bounded::new(capacity), clock }
    }
}

#[async_trait]
impl SessionKeys for MemorySessionKeys {
    async fn put(&self, login: LoginId, sealed: Vec<u8>, until: Timestamp) -> Result<(), StoreError> {
        let has_room = self.keys.write(&login, self.clock.now()).insert(login, Some(sealed), until);
        has_room
            .then_some(())
            .ok_or_else(|| StoreError::Unavailable("this node holds too many session keys".to_owned()))
    }

    async fn find(&self, login: LoginId, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.keys.lock(&login).get(&login, now).cloned().flatten())
    }

    async fn forget(&self, login: LoginId) -> Result<(), StoreError> {
        if let Some(sealed) = self.keys.lock(&login).get_mut(&login, self.clock.now()) {
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
        keys.keys.remove_expired(at(602), usize::MAX);
        assert_eq!(keys.keys.len(), 1);
    }
}
