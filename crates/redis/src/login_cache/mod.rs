//! Copies of logins.

mod record;

use async_trait::async_trait;
use redis::Value;
use saoma_domain::{
    login::{Login, LoginContext, LoginId},
    ports::{CachedLogin, LoginCache, StoreError},
    time::Timestamp,
};

use crate::{
    link::{Request, Script},
    store::{RedisStore, kept_for},
};

/// The scripts of the cache.
pub(crate) struct BoardScripts {
    open: Script,
    publish: Script,
}

impl BoardScripts {
    pub(crate) fn new() -> Self {
        Self {
            open: Script::new(concat!(include_str!("entry.lua"), include_str!("open.lua"))),
            publish: Script::new(concat!(include_str!("entry.lua"), include_str!("publish.lua"))),
        }
    }
}

#[async_trait]
impl LoginCache for RedisStore {
    async fn open(
        &self,
        id: LoginId,
        context: Option<LoginContext>,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let now = self.inner.clock.now();
        let context = context.map(|context| record::write_context(&context));
        let request = (self.inner.login_cache.open.call(&[&self.inner.key_of(id)]))
            .arg(now.as_millis())
            .arg(until.as_millis())
            .arg(kept_for(until, now))
            .arg(u8::from(context.is_some()))
            .arg(context.unwrap_or_default());
        self.inner.wire.ask::<Value>(&request).await?;
        Ok(())
    }

    async fn read(&self, id: LoginId) -> Result<CachedLogin, StoreError> {
        // The context after it is of no interest here.
        let key = self.inner.key_of(id);
        let request = Request::command("GETRANGE").arg(key).arg(0).arg(record::HEAD_BYTES - 1);
        let head: Vec<u8> = self.inner.wire.ask(&request).await?;
        Ok(record::read(id, &head, self.inner.clock.now()))
    }

    async fn context(&self, id: LoginId) -> Result<Option<LoginContext>, StoreError> {
        let request = Request::command("GET").arg(self.inner.key_of(id));
        let entry: Option<Vec<u8>> = self.inner.wire.ask(&request).await?;
        Ok(entry.and_then(|entry| record::read_context(&entry, self.inner.clock.now())))
    }

    async fn publish(&self, login: &Login, until: Timestamp) -> Result<(), StoreError> {
        let now = self.inner.clock.now();
        let request = (self.inner.login_cache.publish.call(&[&self.inner.key_of(login.id)]))
            .arg(now.as_millis())
            .arg(until.as_millis())
            .arg(kept_for(until, now))
            .arg(login.version)
            .arg(record::write_state(&login.state))
            .arg(self.inner.channel())
            .arg(login.id.to_string());
        let published = self.inner.wire.ask::<Value>(&request).await;
        if published.is_err() {
            // Those on this node can still be told to look; the others look by themselves.
            self.inner.subscribers.ring(&login.id);
        }
        published?;
        Ok(())
    }
}
