//! Access tokens that several clients of WeChat in one process share, for tests.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use saoma_domain::{
    ports::{AccessTokens, Clock, StoreError},
    time::Timestamp,
};

/// Sealed access tokens that the nodes of one test share.
pub struct MemoryAccessTokens {
    apps: Mutex<HashMap<String, AppTokens>>,
    clock: Arc<dyn Clock>,
}

/// The token and the refresh lease of one app, each until a moment.
#[derive(Default)]
struct AppTokens {
    token: Option<(Vec<u8>, Timestamp)>,
    leased_until: Option<Timestamp>,
}

impl AppTokens {
    fn token(&self, now: Timestamp) -> Option<&Vec<u8>> {
        self.token.as_ref().filter(|(_, until)| now < *until).map(|(sealed, _)| sealed)
    }

    fn is_leased(&self, now: Timestamp) -> bool {
        self.leased_until.is_some_and(|until| now < until)
    }
}

impl MemoryAccessTokens {
    /// How many apps fit.
    pub const CAPACITY: usize = 1000;

    /// Returns an empty store whose tokens and leases expire by this clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { apps: Mutex::default(), clock }
    }

    /// Works with the token and the lease of an app, if there is room for the app.
    fn with<T>(
        &self,
        app_id: &str,
        work: impl FnOnce(&mut AppTokens, Timestamp) -> T,
    ) -> Result<T, StoreError> {
        let now = self.clock.now();
        let mut apps = self.apps.lock().unwrap_or_else(PoisonError::into_inner);
        if apps.len() >= Self::CAPACITY && !apps.contains_key(app_id) {
            apps.retain(|_, app| app.token(now).is_some() || app.is_leased(now));
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
        self.with(app_id, |app, now| app.token(now).cloned())
    }

    async fn put(&self, app_id: &str, sealed: &[u8], until: Timestamp) -> Result<(), StoreError> {
        self.with(app_id, |app, _| {
            *app = AppTokens { token: Some((sealed.to_vec(), until)), leased_until: None };
        })
    }

    async fn forget(&self, app_id: &str, sealed: &[u8]) -> Result<(), StoreError> {
        self.with(app_id, |app, now| {
            if app.token(now).is_some_and(|kept| kept == sealed) {
                app.token = None;
            }
        })
    }

    async fn try_acquire(&self, app_id: &str, until: Timestamp) -> Result<bool, StoreError> {
        self.with(app_id, |app, now| {
            let is_free = !app.is_leased(now);
            if is_free {
                app.leased_until = Some(until);
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
