//! Copies of logins.

use async_trait::async_trait;
use saoma_domain::{
    login::{Login, LoginContext, LoginId, LoginState},
    ports::{CachedLogin, LoginCache, StoreError},
    time::Timestamp,
};

use super::{Inner, MemoryLoginCache, Shard};

/// What is kept of a login besides its id; there may be a million of them.
#[derive(Debug, Default)]
pub(super) struct Copied {
    context: Option<Box<LoginContext>>,
    outcome: Option<Outcome>,
}

#[derive(Debug)]
struct Outcome {
    version: u32,
    state: LoginState,
}

/// What became of an outcome that was to be put up.
enum PutUp {
    Yes,
    /// There is one that is as new or newer.
    NotNeeded,
    NoRoom,
}

#[async_trait]
impl LoginCache for MemoryLoginCache {
    async fn open(
        &self,
        id: LoginId,
        context: Option<LoginContext>,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let context = context.map(Box::new);
        let mut shard = self.inner.lock_for_writing(&id, now);
        if let Some(copied) = shard.copies.get_mut(&id, now) {
            copied.context = context.or_else(|| copied.context.take());
            shard.copies.prolong(&id, until);
            return Ok(());
        }
        let copied = Copied { context, outcome: None };
        if self.inner.put(&mut shard, id, copied, until) { Ok(()) } else { Err(full()) }
    }

    async fn read(&self, id: LoginId) -> Result<CachedLogin, StoreError> {
        let now = self.clock.now();
        let shard = self.inner.shards.lock(&id);
        Ok(match shard.copies.get(&id, now) {
            None => CachedLogin::Absent,
            Some(Copied { outcome: None, .. }) => CachedLogin::Open,
            Some(Copied { outcome: Some(Outcome { version, state }), .. }) => {
                CachedLogin::Outcome(Login { id, version: *version, state: state.clone() })
            }
        })
    }

    async fn context(&self, id: LoginId) -> Result<Option<LoginContext>, StoreError> {
        let now = self.clock.now();
        let shard = self.inner.shards.lock(&id);
        Ok(shard.copies.get(&id, now).and_then(|copied| copied.context.as_deref().cloned()))
    }

    async fn publish(&self, login: &Login, until: Timestamp) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut shard = self.inner.lock_for_writing(&login.id, now);
        let cache_login = self.inner.cache_login(&mut shard, login, until, now);
        let bell = match cache_login {
            PutUp::NotNeeded => None,
            PutUp::Yes | PutUp::NoRoom => shard.subscribers.of(&login.id),
        };
        // Those who are woken want the lock next.
        drop(shard);
        if let Some(bell) = bell {
            bell.ring();
        }
        match cache_login {
            PutUp::Yes | PutUp::NotNeeded => Ok(()),
            PutUp::NoRoom => Err(full()),
        }
    }
}

impl Inner {
    fn cache_login(&self, shard: &mut Shard, login: &Login, until: Timestamp, now: Timestamp) -> PutUp {
        let outcome = Outcome { version: login.version, state: login.state.clone() };
        if let Some(copied) = shard.copies.get_mut(&login.id, now) {
            if copied.outcome.as_ref().is_some_and(|known| known.version >= login.version) {
                return PutUp::NotNeeded;
            }
            copied.outcome = Some(outcome);
            shard.copies.prolong(&login.id, until);
            return PutUp::Yes;
        }
        let copied = Copied { context: None, outcome: Some(outcome) };
        if self.put(shard, login.id, copied, until) { PutUp::Yes } else { PutUp::NoRoom }
    }

    /// Puts a login into a free place, or into its own if it was over; returns whether there was one.
    fn put(&self, shard: &mut Shard, id: LoginId, copied: Copied, until: Timestamp) -> bool {
        let has_place = shard.copies.holds(&id) || self.logins.take(1);
        if has_place {
            shard.copies.insert(id, copied, until);
        }
        has_place
    }
}

fn full() -> StoreError {
    StoreError::Unavailable("the cache is full".to_owned())
}
