//! Copies of sessions.

mod record;

use async_trait::async_trait;
use futures_util::future::join_all;
use redis::Value;
use saoma_domain::{
    ports::{ActiveSession, CachedSession, SessionCache, StoreError},
    session::SessionTokenHash,
    time::Timestamp,
};

use crate::{
    link::{Request, Script},
    store::RedisStore,
};

/// The scripts of the copies of sessions.
pub(crate) struct SessionScripts {
    refresh: Script,
    change: Script,
    end: Script,
}

impl SessionScripts {
    pub(crate) fn new() -> Self {
        Self {
            refresh: Script::new(concat!(include_str!("replace.lua"), include_str!("refresh.lua"))),
            change: Script::new(concat!(include_str!("replace.lua"), include_str!("change.lua"))),
            end: Script::new(concat!(include_str!("replace.lua"), include_str!("end.lua"))),
        }
    }
}

/// Entries are kept for as long as they are good by the clock of the node that writes them, and not a moment
/// longer: a copy that is gone too early costs a query.
///
/// A failover may forget that a session was ended and remember its copy, since Redis copies to its replicas
/// after it has answered; then it is good until the copy is over.
#[async_trait]
impl SessionCache for RedisStore {
    async fn read(&self, token_hash: &SessionTokenHash) -> Result<Option<CachedSession>, StoreError> {
        let request = Request::command("GET").arg(self.key_of_session(token_hash));
        let entry: Option<Vec<u8>> = self.inner.wire.ask(&request).await?;
        Ok(entry.and_then(|entry| record::read(&entry)))
    }

    async fn put(
        &self,
        token_hash: &SessionTokenHash,
        session: &ActiveSession,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        if let Some(kept_for) = self.inner.good_for(until) {
            let request = Request::command("SET").arg(self.key_of_session(token_hash));
            let request = request.arg(record::write_live(session)).arg("PX").arg(kept_for).arg("NX");
            self.inner.wire.ask::<Value>(&request).await?;
        }
        Ok(())
    }

    async fn refresh(
        &self,
        token_hash: &SessionTokenHash,
        last_seen_at: Timestamp,
    ) -> Result<(), StoreError> {
        let request = self.inner.sessions.refresh.call(&[&self.key_of_session(token_hash)]);
        self.inner.wire.ask::<Value>(&request.arg(last_seen_at.as_millis())).await?;
        Ok(())
    }

    async fn change(&self, token_hashes: &[SessionTokenHash], until: Timestamp) -> Result<(), StoreError> {
        let script = &self.inner.sessions.change;
        self.tell_of(token_hashes, until, |key, kept_for| {
            script.call(&[key]).arg(record::CHANGED).arg(kept_for).arg(record::ENDED)
        })
        .await
    }

    async fn end(&self, token_hashes: &[SessionTokenHash], until: Timestamp) -> Result<(), StoreError> {
        let script = &self.inner.sessions.end;
        self.tell_of(token_hashes, until, |key, kept_for| {
            script.call(&[key]).arg(record::ENDED).arg(kept_for)
        })
        .await
    }
}

impl RedisStore {
    /// Gives an order about each of the sessions. In a Cluster they lie on different servers; on one they all go
    /// there at once.
    async fn tell_of(
        &self,
        token_hashes: &[SessionTokenHash],
        until: Timestamp,
        order: impl Fn(&str, u64) -> Request,
    ) -> Result<(), StoreError> {
        let Some(kept_for) = self.inner.good_for(until) else { return Ok(()) };
        let tell = async |hash| {
            let request = order(&self.key_of_session(hash), kept_for);
            self.inner.wire.ask::<Value>(&request).await
        };
        let told = join_all(token_hashes.iter().map(tell)).await;
        told.into_iter().try_for_each(|told| told.map(drop))?;
        Ok(())
    }

    fn key_of_session(&self, token_hash: &SessionTokenHash) -> String {
        let hash: String = token_hash.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}session:{{{hash}}}", self.inner.prefix)
    }
}
