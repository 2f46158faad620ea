//! Sealed access tokens.

use async_trait::async_trait;
use redis::Value;
use saoma_domain::{
    ports::{AccessTokens, StoreError},
    time::Timestamp,
};

use crate::{
    link::{Request, Script},
    store::RedisStore,
};

/// The scripts of the access tokens.
pub(crate) struct TokenScripts {
    put: Script,
    forget: Script,
}

impl TokenScripts {
    pub(crate) fn new() -> Self {
        Self { put: Script::new(include_str!("put.lua")), forget: Script::new(include_str!("forget.lua")) }
    }
}

#[async_trait]
impl AccessTokens for RedisStore {
    async fn read(&self, app_id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let request = Request::command("GET").arg(self.key_of_token(app_id));
        Ok(self.inner.wire.ask(&request).await?)
    }

    async fn put(&self, app_id: &str, sealed: &[u8], until: Timestamp) -> Result<(), StoreError> {
        if let Some(kept_for) = self.inner.good_for(until) {
            let keys = [self.key_of_token(app_id), self.key_of_turn(app_id)];
            let request = self.inner.tokens.put.call(&keys.each_ref().map(String::as_str));
            self.inner.wire.ask::<Value>(&request.arg(sealed).arg(kept_for)).await?;
        }
        Ok(())
    }

    async fn forget(&self, app_id: &str, sealed: &[u8]) -> Result<(), StoreError> {
        let request = self.inner.tokens.forget.call(&[&self.key_of_token(app_id)]).arg(sealed);
        self.inner.wire.ask::<Value>(&request).await?;
        Ok(())
    }

    async fn try_acquire(&self, app_id: &str, until: Timestamp) -> Result<bool, StoreError> {
        // A turn that is over already is nobody's.
        let Some(kept_for) = self.inner.good_for(until) else { return Ok(false) };
        let request = Request::command("SET").arg(self.key_of_turn(app_id)).arg("1");
        let taken: Option<Value> = self.inner.wire.ask(&request.arg("PX").arg(kept_for).arg("NX")).await?;
        Ok(taken.is_some())
    }
}

impl RedisStore {
    fn key_of_token(&self, app_id: &str) -> String {
        format!("{}token:{{{app_id}}}", self.inner.prefix)
    }

    fn key_of_turn(&self, app_id: &str) -> String {
        format!("{}:turn", self.key_of_token(app_id))
    }
}
