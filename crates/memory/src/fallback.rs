//! A shared login cache with the node's own behind it.

use std::sync::Arc;

use async_trait::async_trait;
use saoma_domain::{
    login::{Login, LoginContext, LoginId},
    ports::{CachedLogin, LoginCache, StoreError},
    time::Timestamp,
};

use crate::login_cache::MemoryLoginCache;

/// The login cache that nodes share, and this node's own for as long as the shared one is away.
///
/// The shared one is written and read first. The node's own has the logins that clients of this node wait for, without
/// their contexts, and what the shared one did not take. While that is away the node reads its own; what other nodes did is
/// found by the reconciliation with the database. An outcome that the shared cache did not take is newer than what is read
/// from it, and counts.
///
/// Clients subscribe to [`MemoryLoginCache::subscribers`] of the node's own cache. The shared one notifies the same
/// registry, so that one subscription hears of both.
pub struct FallbackLoginCache<S> {
    shared: S,
    own: Arc<MemoryLoginCache>,
}

impl<S: LoginCache> FallbackLoginCache<S> {
    /// Puts the node's own cache behind a shared one.
    pub fn new(shared: S, own: Arc<MemoryLoginCache>) -> Self {
        Self { shared, own }
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
        match (self.shared.read(id).await, self.own.read(id).await) {
            (Ok(CachedLogin::Open), Ok(CachedLogin::Outcome(own))) => Ok(CachedLogin::Outcome(own)),
            (Ok(CachedLogin::Outcome(shared)), Ok(CachedLogin::Outcome(own))) => {
                Ok(CachedLogin::Outcome(if shared.version < own.version { own } else { shared }))
            }
            // The client asks again, also while the shared cache is away: then it must not cost a query.
            (Ok(CachedLogin::Open), Ok(CachedLogin::Absent)) => {
                let _ = self.own.open(id, None, id.deadline()).await;
                Ok(CachedLogin::Open)
            }
            // A shared cache that was emptied knows nothing, and neither does this node of what others did since.
            (Ok(entry), _) => Ok(entry),
            (Err(_), own) => own,
        }
    }

    async fn context(&self, id: LoginId) -> Result<Option<LoginContext>, StoreError> {
        match self.shared.context(id).await {
            Ok(Some(context)) => Ok(Some(context)),
            // What the shared cache did not take.
            Ok(None) | Err(_) => self.own.context(id).await,
        }
    }

    async fn publish(&self, login: &Login, until: Timestamp) -> Result<(), StoreError> {
        match self.shared.publish(login, until).await {
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
        ports::MockLoginCache,
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
        let cache = FallbackLoginCache::new(shared, own.clone());
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
            let own = MemoryLoginCache::new(clock, LoginCacheCapacity::default());
            let cache = FallbackLoginCache::new(refuses, Arc::new(own));
            cache.publish(&outcome(3), at(60)).await.unwrap();
            assert_eq!(cache.read(login(1)).await, Ok(CachedLogin::Outcome(seen)));
        }
    }
}
