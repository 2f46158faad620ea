//! Sealed access tokens.

use std::sync::LazyLock;

use async_trait::async_trait;
use redis::Value;
use saoma_domain::{
    ports::{AccessTokens, StoreError},
    time::Timestamp,
};

use crate::{
    connection::{Request, Script},
    retention,
    store::RedisStore,
};

static PUT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("put.lua")));

static FORGET: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("forget.lua")));

#[async_trait]
impl AccessTokens for RedisStore {
    async fn read(&self, app_id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let request = Request::command("GET").arg(self.keys.access_token(app_id));
        self.connection.ask(&request).await
    }

    async fn put(&self, app_id: &str, sealed: &[u8], until: Timestamp) -> Result<(), StoreError> {
        let Some(kept_for) = retention::exact(until, self.now()) else { return Ok(()) };
        let request = PUT.call(&[&self.keys.access_token(app_id), &self.keys.refresh_lease(app_id)]);
        self.connection.ask::<Value>(&request.arg(sealed).arg(kept_for)).await.map(drop)
    }

    async fn forget(&self, app_id: &str, sealed: &[u8]) -> Result<(), StoreError> {
        let request = FORGET.call(&[&self.keys.access_token(app_id)]).arg(sealed);
        self.connection.ask::<Value>(&request).await.map(drop)
    }

    async fn try_acquire(&self, app_id: &str, until: Timestamp) -> Result<bool, StoreError> {
        // A lease that has expired already is not acquired.
        let Some(kept_for) = retention::exact(until, self.now()) else { return Ok(false) };
        let request = Request::command("SET").arg(self.keys.refresh_lease(app_id)).arg("1");
        let acquired: Option<Value> = self.connection.ask(&request.arg("PX").arg(kept_for).arg("NX")).await?;
        Ok(acquired.is_some())
    }
}
