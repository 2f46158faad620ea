//! The adapters in memory do what every adapter has to do.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use saoma_contract::{TestTime, Timed, values::at};
use saoma_domain::{
    login::{Login, LoginContext, LoginId},
    ports::{CachedLogin, Clock, LoginCache, LoginNotifier, StoreError, Subscription},
    time::Timestamp,
};
use saoma_memory::{
    FallbackLoginCache, LoginCacheCapacity, MemoryLimits, MemoryLoginCache, MemorySessionKeys, MemorySmsCodes,
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

/// A board that cannot be reached.
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

#[async_trait]
impl LoginNotifier for Away {
    async fn subscribe(&self, _: LoginId) -> Result<Box<dyn Subscription>, StoreError> {
        Self::error()
    }
}

async fn login_cache() -> (Timed<MemoryLoginCache, ManualTime>, ()) {
    timed(|clock| MemoryLoginCache::new(clock, LoginCacheCapacity::default()))
}

/// Two boards of which the second only comes in when the first is away.
async fn fallback_board() -> (Timed<FallbackLoginCache<MemoryLoginCache>, ManualTime>, ()) {
    timed(|clock| {
        let shared = MemoryLoginCache::new(clock.clone(), LoginCacheCapacity::default());
        FallbackLoginCache::new(shared, Arc::new(MemoryLoginCache::new(clock, LoginCacheCapacity::default())))
    })
}

/// The same, and the first is away all the time.
async fn fallback_board_without_its_first() -> (Timed<FallbackLoginCache<Away>, ManualTime>, ()) {
    timed(|clock| {
        FallbackLoginCache::new(Away, Arc::new(MemoryLoginCache::new(clock, LoginCacheCapacity::default())))
    })
}

async fn limits() -> (Timed<MemoryLimits, ManualTime>, ()) {
    timed(|_| MemoryLimits::new(MemoryLimits::DEFAULT_CAPACITY))
}

async fn sms_codes() -> (Timed<MemorySmsCodes, ManualTime>, ()) {
    timed(|clock| MemorySmsCodes::new(clock, MemorySmsCodes::DEFAULT_CAPACITY))
}

async fn session_keys() -> (Timed<MemorySessionKeys, ManualTime>, ()) {
    timed(|clock| MemorySessionKeys::new(clock, MemorySessionKeys::DEFAULT_CAPACITY))
}

async fn board_health() -> (MemoryLoginCache, ()) {
    let clock = Arc::new(ManualClock::new(at(0)));
    (MemoryLoginCache::new(clock, LoginCacheCapacity::default()), ())
}

saoma_contract::board_suite!(login_cache);

mod fallback {
    saoma_contract::board_suite!(crate::fallback_board);
}

mod fallback_without_its_first {
    saoma_contract::board_suite!(crate::fallback_board_without_its_first);
}

saoma_contract::limits_suite!(limits);
saoma_contract::sms_codes_suite!(sms_codes);
saoma_contract::session_keys_suite!(session_keys);

mod of_board {
    saoma_contract::health_suite!(crate::board_health);
}
