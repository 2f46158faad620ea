//! The adapters in memory do what every adapter has to do.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use saoma_contract::{TestTime, Timed, login_cache::NodeAdapters, values::at};
use saoma_domain::{
    login::{Login, LoginContext, LoginId},
    ports::{CachedLogin, CachedSession, Clock, InvalidationSink, LoginCache, StoreError},
    time::Timestamp,
};
use saoma_memory::{
    CopiedSessionCache, FallbackLoginCache, LoginCacheCapacity, LoginCopies, MemoryLimits, MemoryLoginCache,
    MemoryMessageCodes, MemorySessionCache, MemorySessionKeys, MemorySmsCodes, SessionCopies,
};
use saoma_testing::ManualClock;

/// Time that passes when a case says so.
struct ManualTime(Arc<ManualClock>);

#[async_trait]
impl TestTime for ManualTime {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    async fn pass(&self, duration: Duration) {
        self.0.advance(duration);
    }
}

fn timed<A>(make: impl FnOnce(Arc<ManualClock>) -> A) -> (Timed<A, ManualTime>, ()) {
    let clock = Arc::new(ManualClock::new(at(0)));
    (Timed { adapter: make(Arc::clone(&clock)), time: ManualTime(clock) }, ())
}

/// A shared login cache that cannot be reached.
struct Away;

impl Away {
    fn error<T>() -> Result<T, StoreError> {
        Err(StoreError::Unavailable("away".to_owned()))
    }
}

#[async_trait]
impl LoginCache for Away {
    async fn open(&self, _: LoginId, _: Option<LoginContext>, _: Timestamp) -> Result<(), StoreError> {
        Self::error()
    }

    async fn read(&self, _: LoginId) -> Result<CachedLogin, StoreError> {
        Self::error()
    }

    async fn context(&self, _: LoginId) -> Result<Option<LoginContext>, StoreError> {
        Self::error()
    }

    async fn publish(&self, _: &Login, _: Timestamp) -> Result<(), StoreError> {
        Self::error()
    }
}

async fn session_cache() -> (Timed<MemorySessionCache, ManualTime>, ()) {
    timed(|clock| MemorySessionCache::new(clock, 1000, CachedSession::TTL))
}

/// Returns a node that hears of what invalidates its copies.
async fn copied_session_cache() -> (Timed<CopiedSessionCache<MemorySessionCache>, ManualTime>, ()) {
    timed(|clock| {
        let shared = MemorySessionCache::new(clock.clone(), 1000, CachedSession::TTL);
        let copies = Arc::new(SessionCopies::new(clock, 1000));
        copies.invalidated_all();
        CopiedSessionCache::new(shared, copies)
    })
}

async fn login_cache() -> (Timed<NodeAdapters, ManualTime>, ()) {
    timed(|clock| {
        let login_cache = Arc::new(MemoryLoginCache::new(clock, LoginCacheCapacity::default()));
        NodeAdapters { login_cache: login_cache.clone(), notifier: login_cache }
    })
}

/// Returns a node with a shared cache and its own, which is read only while the shared one is away.
fn node(clock: Arc<ManualClock>, shared: impl LoginCache + 'static) -> NodeAdapters {
    let own = Arc::new(MemoryLoginCache::new(clock.clone(), LoginCacheCapacity::default()));
    let copies = Arc::new(LoginCopies::new(clock, own.subscribers().clone()));
    NodeAdapters {
        notifier: Arc::new(own.subscribers().clone()),
        login_cache: Arc::new(FallbackLoginCache::new(shared, own, copies)),
    }
}

async fn fallback() -> (Timed<NodeAdapters, ManualTime>, ()) {
    timed(|clock| {
        let shared = MemoryLoginCache::new(clock.clone(), LoginCacheCapacity::default());
        node(clock, shared)
    })
}

async fn fallback_without_shared() -> (Timed<NodeAdapters, ManualTime>, ()) {
    timed(|clock| node(clock, Away))
}

async fn limits() -> (Timed<MemoryLimits, ManualTime>, ()) {
    timed(|_| MemoryLimits::new(MemoryLimits::DEFAULT_CAPACITY))
}

async fn sms_codes() -> (Timed<MemorySmsCodes, ManualTime>, ()) {
    timed(|clock| MemorySmsCodes::new(clock, MemorySmsCodes::DEFAULT_CAPACITY))
}

async fn message_codes() -> (Timed<MemoryMessageCodes, ManualTime>, ()) {
    timed(|clock| MemoryMessageCodes::new(clock, MemoryMessageCodes::DEFAULT_CAPACITY))
}

async fn session_keys() -> (Timed<MemorySessionKeys, ManualTime>, ()) {
    timed(|clock| MemorySessionKeys::new(clock, MemorySessionKeys::DEFAULT_CAPACITY))
}

async fn login_cache_health() -> (MemoryLoginCache, ()) {
    let clock = Arc::new(ManualClock::new(at(0)));
    (MemoryLoginCache::new(clock, LoginCacheCapacity::default()), ())
}

saoma_contract::session_cache_suite!(session_cache);
saoma_contract::login_cache_suite!(login_cache);

mod in_front_of_a_shared_cache {
    saoma_contract::session_cache_suite!(crate::copied_session_cache);
}

mod behind_a_shared_cache {
    saoma_contract::login_cache_suite!(crate::fallback);
}

mod behind_a_shared_cache_that_is_away {
    saoma_contract::login_cache_suite!(crate::fallback_without_shared);
}

saoma_contract::limits_suite!(limits);
saoma_contract::sms_codes_suite!(sms_codes);
saoma_contract::session_keys_suite!(session_keys);
saoma_contract::message_codes_suite!(message_codes);

mod of_login_cache {
    saoma_contract::health_suite!(crate::login_cache_health);
}
