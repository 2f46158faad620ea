//! The login cache.

mod context;
mod entry;
mod state;

use std::sync::LazyLock;

use async_trait::async_trait;
use redis::Value;
use saoma_domain::{
    login::{Login, LoginContext, LoginId},
    ports::{CachedLogin, LoginCache, StoreError},
    time::Timestamp,
};

use crate::{
    connection::{Request, Script},
    retention,
    store::RedisStore,
};

static OPEN: LazyLock<Script> =
    LazyLock::new(|| Script::new(concat!(include_str!("entry.lua"), include_str!("open.lua"))));

static PUBLISH: LazyLock<Script> =
    LazyLock::new(|| Script::new(concat!(include_str!("entry.lua"), include_str!("publish.lua"))));

#[async_trait]
impl LoginCache for RedisStore {
    async fn open(
        &self,
        id: LoginId,
        context: Option<LoginContext>,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let request = (OPEN.call(&[&self.keys.login(id)]))
            .arg(now.as_millis())
            .arg(until.as_millis())
            .arg(retention::with_margin(until, now))
            .arg(u8::from(context.is_some()))
            .arg(context.map(|context| context::write(&self.sealer, id, &context)).unwrap_or_default());
        self.connection.ask::<Value>(&request).await.map(drop)
    }

    async fn read(&self, id: LoginId) -> Result<CachedLogin, StoreError> {
        // The context behind the head is not needed.
        let request = Request::command("GETRANGE").arg(self.keys.login(id)).arg(0).arg(entry::HEAD_BYTES - 1);
        let head: Vec<u8> = self.connection.ask_cache(&request).await?;
        Ok(entry::read(&self.sealer, id, &head, self.now()))
    }

    async fn context(&self, id: LoginId) -> Result<Option<LoginContext>, StoreError> {
        let request = Request::command("GET").arg(self.keys.login(id));
        let entry: Option<Vec<u8>> = self.connection.ask_cache(&request).await?;
        Ok(entry.and_then(|entry| entry::read_context(&self.sealer, id, &entry, self.now())))
    }

    async fn forget(&self, id: LoginId) -> Result<(), StoreError> {
        let request = Request::command("DEL").arg(self.keys.login(id));
        self.connection.ask::<Value>(&request).await.map(drop)
    }

    async fn publish(&self, login: &Login, until: Timestamp) -> Result<(), StoreError> {
        let now = self.now();
        let request = (PUBLISH.call(&[&self.keys.login(login.id)]))
            .arg(now.as_millis())
            .arg(until.as_millis())
            .arg(retention::with_margin(until, now))
            .arg(login.version)
            .arg(state::write(&self.sealer, login))
            .arg(self.keys.notifications())
            .arg(login.id.to_string());
        let published = self.connection.ask::<Value>(&request).await;
        if published.is_err() {
            // The clients of this node can still be told; those of other nodes look again by themselves.
            self.subscribers.notify(&login.id);
        }
        published.map(drop)
    }
}
