//! No session cache.

use async_trait::async_trait;
use saoma_domain::{
    ports::{ActiveSession, CachedSession, SessionCache, StoreError},
    session::SessionTokenHash,
    time::Timestamp,
};

/// Caches no session: every session check queries the database.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSessionCache;

#[async_trait]
impl SessionCache for NoSessionCache {
    async fn read(&self, _: &SessionTokenHash) -> Result<Option<CachedSession>, StoreError> {
        Ok(None)
    }

    async fn put(
        &self,
        _: &SessionTokenHash,
        _: &ActiveSession,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn invalidate(&self, _: &[SessionTokenHash], _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    async fn mark_ended(&self, _: &[SessionTokenHash], _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }
}
