//! The session cache.

mod entry;
mod session_record;

use std::sync::LazyLock;

use async_trait::async_trait;
use futures_util::future::join_all;
use redis::Value;
use saoma_domain::{
    ports::{ActiveSession, CachedSession, SessionCache, StoreError},
    session::SessionTokenHash,
    time::Timestamp,
};

use crate::{
    connection::{Request, Script},
    listener::SESSION,
    retention,
    store::RedisStore,
};

static INVALIDATE: LazyLock<Script> =
    LazyLock::new(|| Script::new(concat!(include_str!("replace.lua"), include_str!("invalidate.lua"))));

static MARK_ENDED: LazyLock<Script> =
    LazyLock::new(|| Script::new(concat!(include_str!("replace.lua"), include_str!("mark_ended.lua"))));

/// Redis keeps an entry exactly as long as it is valid by the clock of the node that writes it: an entry that expires
/// too early costs one query.
///
/// A failover may forget that a session has ended and still have its live entry, because Redis answers before its
/// replicas have the write. Then the session is accepted until that entry expires.
#[async_trait]
impl SessionCache for RedisStore {
    async fn read(&self, token_hash: &SessionTokenHash) -> Result<Option<CachedSession>, StoreError> {
        let request = Request::command("GET").arg(self.keys.session(token_hash));
        let entry: Option<Vec<u8>> = self.connection.ask_cache(&request).await?;
        Ok(entry.and_then(|entry| entry::read(&self.sealer, token_hash, &entry, self.now())))
    }

    async fn put(
        &self,
        token_hash: &SessionTokenHash,
        session: &ActiveSession,
        _: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let Some(kept_for) = retention::exact(until, self.now()) else { return Ok(false) };
        let request = Request::command("SET").arg(self.keys.session(token_hash));
        let entry = entry::write_live(&self.sealer, token_hash, session, until);
        // Redis answers with nothing where there is an entry.
        let request = request.arg(entry).arg("PX").arg(kept_for).arg("NX");
        Ok(self.connection.ask::<Option<Value>>(&request).await?.is_some())
    }

    async fn invalidate(
        &self,
        token_hashes: &[SessionTokenHash],
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.replace_all(token_hashes, until, |key, kept_for| {
            INVALIDATE.call(&[key]).arg(entry::INVALIDATED).arg(kept_for).arg(entry::ENDED)
        })
        .await
    }

    async fn mark_ended(
        &self,
        token_hashes: &[SessionTokenHash],
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.replace_all(token_hashes, until, |key, kept_for| {
            MARK_ENDED.call(&[key]).arg(entry::ENDED).arg(kept_for)
        })
        .await
    }
}

impl RedisStore {
    /// Sends one request for each session, all at once: in a Cluster the sessions lie on different servers.
    async fn replace_all(
        &self,
        token_hashes: &[SessionTokenHash],
        until: Timestamp,
        request: impl Fn(&str, u64) -> Request,
    ) -> Result<(), StoreError> {
        let Some(kept_for) = retention::exact(until, self.now()) else { return Ok(()) };
        let replace = async |hash: &SessionTokenHash| {
            let message = [[SESSION].as_slice(), hash.as_bytes()].concat();
            let request = request(&self.keys.session(hash), kept_for);
            let request = request.arg(self.keys.notifications()).arg(message);
            self.connection.ask::<Value>(&request).await
        };
        let replaced = join_all(token_hashes.iter().map(replace)).await;
        replaced.into_iter().try_for_each(|replaced| replaced.map(drop))
    }
}
