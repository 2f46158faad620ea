//! Access tokens that nodes in one process share.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use saoma_domain::{
    ports::{AccessTokens, Clock, StoreError},
    time::Timestamp,
};

/// Sealed access tokens for tests: they and the leases to refresh them expire by the injected clock, and there is
/// room for the tokens of all apps.
pub struct MemoryAccessTokens {
    apps: Mutex<HashMap<String, SharedToken>>,
    clock: Arc<dyn Clock>,
}

/// What is shared of one app, each part until a moment.
#[derive(Default)]
struct SharedToken {
    sealed: Option<(Vec<u8>, Timestamp)>,
    leased_until: Option<Timestamp>,
}

impl MemoryAccessTokens {
    /// Returns an empty store that forgets by this clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { apps: Mutex::default(), clock }
    }

    /// Does something with what is shared of an app and has not expired.
    fn with<T>(&self, app_id: &str, work: impl FnOnce(&mut SharedToken) -> T) -> T {
        let now = self.clock.now();
        let mut apps = self.apps.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = apps.entry(app_id.to_owned()).or_default();
        shared.sealed = shared.sealed.take().filter(|(_, until)| now < *until);
        shared.leased_until = shared.leased_until.filter(|until| now < *until);
        work(shared)
    }
}

#[async_trait]
impl AccessTokens for MemoryAccessTokens {
    async fn read(&self, app_id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.with(app_id, |shared| shared.sealed.as_ref().map(|(sealed, _)| sealed.clone())))
    }

    async fn put(&self, app_id: &str, sealed: &[u8], until: Timestamp) -> Result<(), StoreError> {
        let token = SharedToken { sealed: Some((sealed.to_vec(), until)), leased_until: None };
        self.with(app_id, |shared| *shared = token);
        Ok(())
    }

    async fn forget(&self, app_id: &str, sealed: &[u8]) -> Result<(), StoreError> {
        self.with(app_id, |shared| shared.sealed = shared.sealed.take().filter(|(kept, _)| kept != sealed));
        Ok(())
    }

    async fn try_acquire(&self, app_id: &str, until: Timestamp) -> Result<bool, StoreError> {
        Ok(self.with(app_id, |shared| {
            let is_free = shared.leased_until.is_none();
            shared.leased_until = shared.leased_until.or(Some(until));
            is_free
        }))
    }
}
