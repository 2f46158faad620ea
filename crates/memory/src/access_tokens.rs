//! Access tokens that several clients in one process share.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use saoma_domain::{
    ports::{AccessTokens, Clock, StoreError},
    time::Timestamp,
};

/// Sealed access tokens that nodes in one process share, for tests.
pub struct MemoryAccessTokens {
    apps: Mutex<HashMap<String, Shared>>,
    clock: Arc<dyn Clock>,
}

/// What is shared of one app, each part until a moment.
#[derive(Default)]
struct Shared {
    token: Option<(Vec<u8>, Timestamp)>,
    turn: Option<Timestamp>,
}

impl Shared {
    fn token(&self, now: Timestamp) -> Option<&Vec<u8>> {
        self.token.as_ref().filter(|(_, until)| now < *until).map(|(sealed, _)| sealed)
    }

    fn is_taken(&self, now: Timestamp) -> bool {
        self.turn.is_some_and(|until| now < until)
    }
}

impl MemoryAccessTokens {
    /// So many apps are remembered at the most.
    pub const CAPACITY: usize = 1000;

    /// Returns an empty store that forgets by this clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { apps: Mutex::default(), clock }
    }

    /// Does something with what is shared of an app, if there is room for the app.
    fn with<T>(&self, app_id: &str, work: impl FnOnce(&mut Shared, Timestamp) -> T) -> Result<T, StoreError> {
        let now = self.clock.now();
        let mut apps = self.apps.lock().unwrap_or_else(PoisonError::into_inner);
        if apps.len() >= Self::CAPACITY && !apps.contains_key(app_id) {
            apps.retain(|_, shared| shared.token(now).is_some() || shared.is_taken(now));
            if apps.len() >= Self::CAPACITY {
                return Err(StoreError::Unavailable("too many apps share tokens".to_owned()));
            }
        }
        Ok(work(apps.entry(app_id.to_owned()).or_default(), now))
    }
}

#[async_trait]
impl AccessTokens for MemoryAccessTokens {
    async fn read(&self, app_id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.with(app_id, |shared, now| shared.token(now).cloned())
    }

    async fn put(&self, app_id: &str, sealed: &[u8], until: Timestamp) -> Result<(), StoreError> {
        self.with(app_id, |shared, _| {
            *shared = Shared { token: Some((sealed.to_vec(), until)), turn: None };
        })
    }

    async fn forget(&self, app_id: &str, sealed: &[u8]) -> Result<(), StoreError> {
        self.with(app_id, |shared, now| {
            if shared.token(now).is_some_and(|kept| kept == sealed) {
                shared.token = None;
            }
        })
    }

    async fn try_acquire(&self, app_id: &str, until: Timestamp) -> Result<bool, StoreError> {
        self.with(app_id, |shared, now| {
            let is_free = !shared.is_taken(now);
            if is_free {
                shared.turn = Some(until);
            }
            is_free
        })
    }
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::at;

    use super::*;
    use crate::ManualClock;

    #[tokio::test]
    async fn a_full_store_takes_no_more_apps_and_keeps_the_old_ones() {
        let clock = Arc::new(ManualClock::new(at(0)));
        let tokens = MemoryAccessTokens::new(clock.clone());
        for number in 0..MemoryAccessTokens::CAPACITY {
            tokens.put(&number.to_string(), b"sealed", at(60)).await.unwrap();
        }
        assert!(tokens.put("one more", b"sealed", at(60)).await.is_err());
        tokens.put("7", b"newer", at(60)).await.unwrap();
        assert_eq!(tokens.read("7").await, Ok(Some(b"newer".to_vec())));
        clock.set(at(60));
        tokens.put("one more", b"sealed", at(120)).await.unwrap();
        assert_eq!(tokens.apps.lock().unwrap().len(), 1);
    }
}
