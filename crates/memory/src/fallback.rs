//! A shared login cache with the node's own behind it.

use std::sync::Arc;

use async_trait::async_trait;
use saoma_domain::{
    login::{Login, LoginContext, LoginId},
    ports::{CachedLogin, LoginCache, StoreError},
    time::Timestamp,
};

use crate::{login_cache::MemoryLoginCache, login_copies::LoginCopies};

/// The login cache that nodes share, and this node's own for as long as the shared one is away.
///
/// The shared one is written and read first. The node's own has the logins that clients of this node wait for, without
/// their contexts, and what the shared one did not take. While that is away the node reads its own; what other nodes did is
/// found by the reconciliation with the database. An outcome that the shared cache did not take is newer than what is read
/// from it, and counts.
///
/// While the node hears of changes, what it has read of the shared cache is not read again for a moment ([`LoginCopies`]): so
/// the polls of a login, and the clients that wait for it, cost the shared cache nothing while nothing happens.
///
/// Clients subscribe to [`MemoryLoginCache::subscribers`] of the node's own cache. The shared one notifies the same
/// registry, so that one subscription hears of both.
pub struct FallbackLoginCache<S> {
    shared: S,
    own: Arc<MemoryLoginCache>,
    copies: Arc<LoginCopies>,
}

impl<S: LoginCache> FallbackLoginCache<S> {
    /// Puts the node's own cache behind a shared one, which has to tell the copies of changes.
    pub fn new(shared: S, own: Arc<MemoryLoginCache>, copies: Arc<LoginCopies>) -> Self {
        Self { shared, own, copies }
    }

    /// Returns what the shared cache knows, unless this node's own knows better.
    async fn read_shared(&self, id: LoginId) -> Result<CachedLogin, StoreError> {
        Ok(match (self.shared.read(id).await?, self.own.read(id).await) {
            (CachedLogin::Open, Ok(CachedLogin::Outcome(own))) => CachedLogin::Outcome(own),
            (CachedLogin::Outcome(shared), Ok(CachedLogin::Outcome(own))) => {
                CachedLogin::Outcome(if shared.version < own.version { own } else { shared })
            }
            // The client asks again, also while the shared cache is away: then it must not cost a query.
            (CachedLogin::Open, Ok(CachedLogin::Absent)) => {
                let _ = self.own.open(id, None, id.deadline()).await;
                CachedLogin::Open
            }
            // A shared cache that was emptied knows nothing, and neither does this node of what others did since.
            (entry, _) => entry,
        })
    }
}

#[async_trait]
impl<S: LoginCache> LoginCache for FallbackLoginCache<S> {
    async fn open(
        &self,
        id: LoginId,
        context: Option<LoginContext>,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        match self.shared.open(id, context.clone(), until).await {
            Ok(()) => Ok(()),
            Err(_) => self.own.open(id, context, until).await,
        }
    }

    async fn read(&self, id: LoginId) -> Result<CachedLogin, StoreError> {
        if let Some(copy) = self.copies.get(id) {
            return Ok(copy);
        }
        let begun = self.copies.read_begins(id);
        match self.read_shared(id).await {
            Ok(read) => {
                self.copies.keep(id, &read, begun);
                Ok(read)
            }
            Err(_) => self.own.read(id).await,
        }
    }

    async fn context(&self, id: LoginId) -> Result<Option<LoginContext>, StoreError> {
        match self.shared.context(id).await {
            Ok(Some(context)) => Ok(Some(context)),
            // What the shared cache did not take.
            Ok(None) | Err(_) => self.own.context(id).await,
        }
    }

    async fn forget(&self, id: LoginId) -> Result<(), StoreError> {
        let forgotten = self.shared.forget(id).await;
        self.copies.drop_one(id);
        self.own.forget(id).await?;
        forgotten
    }

    async fn publish(&self, login: &Login, until: Timestamp) -> Result<(), StoreError> {
        let published = self.shared.publish(login, until).await;
        // Before the clients are notified, who read again. What they heard of it may come later.
        self.copies.drop_one(login.id);
        if published.is_ok() {
            self.copies.keep_final(login);
        }
        match published {
            // The own cache notifies as well: a notification of the shared one may get lost on its way.
            Ok(()) if self.own.concerns(login.id) => self.own.publish(login, until).await.or(Ok(())),
            Ok(()) => Ok(()),
            Err(_) => self.own.publish(login, until).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{at, login};
    use saoma_domain::{
        login::{ExpiryReason, LoginState},
        ports::{MockLoginCache, NotificationSink},
    };
    use saoma_testing::ManualClock;

    use super::*;
    use crate::login_cache::LoginCacheCapacity;

    fn outcome(version: u32) -> Login {
        let state = LoginState::Expired { reason: ExpiryReason::Cancelled, since: at(1) };
        Login { id: login(1), version, state }
    }

    #[tokio::test]
    async fn a_node_keeps_the_logins_that_its_clients_wait_for_until_their_deadline() {
        let mut shared = MockLoginCache::new();
        shared.expect_open().returning(|_, _, _| Ok(()));
        shared.expect_read().returning(|_| Ok(CachedLogin::Open));
        shared.expect_publish().returning(|_, _| Ok(()));
        let clock = Arc::new(ManualClock::new(at(0)));
        let own = Arc::new(MemoryLoginCache::new(clock.clone(), LoginCacheCapacity::default()));
        let copies = Arc::new(LoginCopies::new(clock.clone(), own.subscribers().clone()));
        let cache = FallbackLoginCache::new(shared, own.clone(), copies);
        let (waited, other) = (login(1), login(2));
        for id in [waited, other] {
            cache.open(id, None, id.deadline()).await.unwrap();
        }
        cache.read(waited).await.unwrap();
        for id in [waited, other] {
            cache.publish(&Login { id, ..outcome(2) }, id.deadline()).await.unwrap();
        }
        assert_eq!(own.read(waited).await, Ok(CachedLogin::Outcome(Login { id: waited, ..outcome(2) })));
        assert_eq!(own.read(other).await, Ok(CachedLogin::Absent));
        clock.set(waited.deadline());
        assert_eq!(own.read(waited).await, Ok(CachedLogin::Absent));
    }

    #[tokio::test]
    async fn an_outcome_that_the_shared_cache_did_not_take_counts() {
        for (shared, seen) in [
            (CachedLogin::Open, outcome(3)),
            (CachedLogin::Outcome(outcome(2)), outcome(3)),
            (CachedLogin::Outcome(outcome(4)), outcome(4)),
        ] {
            let mut refuses = MockLoginCache::new();
            refuses.expect_publish().returning(|_, _| Err(StoreError::Unavailable("READONLY".to_owned())));
            refuses.expect_read().returning(move |_| Ok(shared.clone()));
            let clock = Arc::new(ManualClock::new(at(0)));
            let own = MemoryLoginCache::new(clock.clone(), LoginCacheCapacity::default());
            let copies = Arc::new(LoginCopies::new(clock, own.subscribers().clone()));
            let cache = FallbackLoginCache::new(refuses, Arc::new(own), copies);
            cache.publish(&outcome(3), at(60)).await.unwrap();
            assert_eq!(cache.read(login(1)).await, Ok(CachedLogin::Outcome(seen)));
        }
    }

    /// Returns a cache whose shared part is read `times` times and knows of no outcome.
    fn read_shared(times: usize) -> (FallbackLoginCache<MockLoginCache>, Arc<LoginCopies>) {
        let mut shared = MockLoginCache::new();
        shared.expect_read().times(times).returning(|_| Ok(CachedLogin::Open));
        shared.expect_publish().returning(|_, _| Ok(()));
        let clock = Arc::new(ManualClock::new(at(0)));
        let own = Arc::new(MemoryLoginCache::new(clock.clone(), LoginCacheCapacity::default()));
        let copies = Arc::new(LoginCopies::new(clock, own.subscribers().clone()));
        (FallbackLoginCache::new(shared, own, copies.clone()), copies)
    }

    #[tokio::test]
    async fn polls_of_a_node_that_hears_of_changes_read_the_shared_cache_once() {
        let (cache, copies) = read_shared(1);
        copies.notify_all();
        for _ in 0..100 {
            assert_eq!(cache.read(login(1)).await, Ok(CachedLogin::Open));
        }
    }

    #[tokio::test]
    async fn a_node_that_does_not_hear_of_changes_reads_the_shared_cache_each_time() {
        let (cache, copies) = read_shared(4);
        for _ in 0..2 {
            cache.read(login(1)).await.unwrap();
        }
        copies.notify_all();
        copies.lost();
        for _ in 0..2 {
            cache.read(login(1)).await.unwrap();
        }
    }

    #[tokio::test]
    async fn what_was_heard_of_is_read_again_until_it_is_final() {
        let (cache, copies) = read_shared(2);
        copies.notify_all();
        assert_eq!(cache.read(login(1)).await, Ok(CachedLogin::Open));
        copies.notify(&login(1));
        assert_eq!(cache.read(login(1)).await, Ok(CachedLogin::Open));
        cache.publish(&outcome(2), at(60)).await.unwrap();
        for _ in 0..2 {
            assert_eq!(cache.read(login(1)).await, Ok(CachedLogin::Outcome(outcome(2))));
            copies.notify(&login(1));
        }
    }
}
