//! A cache of sessions that nodes in one process share.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use saoma_domain::{
    ports::{ActiveSession, CachedSession, Clock, SessionCache, StoreError},
    session::SessionTokenHash,
    time::Timestamp,
};

type Entries = HashMap<SessionTokenHash, (CachedSession, Timestamp)>;

/// A session cache for tests: entries expire by the injected clock, and there is room for all of them.
pub struct MemorySessionCache {
    entries: Mutex<Entries>,
    clock: Arc<dyn Clock>,
}

impl MemorySessionCache {
    /// Returns an empty cache that forgets by this clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { entries: Mutex::default(), clock }
    }

    /// Forgets everything, as a cache may at any moment.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// Returns the entries that have not expired.
    fn lock(&self) -> MutexGuard<'_, Entries> {
        let now = self.clock.now();
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|_, (_, until)| now < *until);
        entries
    }
}

#[async_trait]
impl SessionCache for MemorySessionCache {
    async fn read(&self, token_hash: &SessionTokenHash) -> Result<Option<CachedSession>, StoreError> {
        Ok(self.lock().get(token_hash).map(|(session, _)| session.clone()))
    }

    async fn put(
        &self,
        token_hash: &SessionTokenHash,
        session: &ActiveSession,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.lock().entry(*token_hash).or_insert_with(|| (CachedSession::Live(session.clone()), until));
        Ok(())
    }

    async fn invalidate(
        &self,
        token_hashes: &[SessionTokenHash],
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let mut entries = self.lock();
        for hash in token_hashes {
            if !matches!(entries.get(hash), Some((CachedSession::Ended, _))) {
                entries.insert(*hash, (CachedSession::Invalidated, until));
            }
        }
        Ok(())
    }

    async fn mark_ended(
        &self,
        token_hashes: &[SessionTokenHash],
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.lock().extend(token_hashes.iter().map(|hash| (*hash, (CachedSession::Ended, until))));
        Ok(())
    }
}
