//! The lack of a session cache.

use async_trait::async_trait;
use saoma_domain::{
    ports::{ActiveSession, CachedSession, SessionCache, StoreError},
    session::SessionTokenHash,
    time::Timestamp,
};

/// No session cache: every check asks the database.
///
/// For a service without a shared store, where one process cannot tell others that a session was ended.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSessionCache;

#[async_trait]
impl SessionCache for NoSessionCache {
    async fn read(&self, _: &SessionTokenHash) -> Result<Option<CachedSession>, StoreError> {
        Ok(None)
    }

    async fn put(&self, _: &SessionTokenHash, _: &ActiveSession, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    async fn refresh(&self, _: &SessionTokenHash, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    async fn change(&self, _: &[SessionTokenHash], _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    async fn end(&self, _: &[SessionTokenHash], _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }
}
