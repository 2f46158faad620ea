//! The adapters in memory do what every adapter has to do.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use saoma_contract::{TestTime, Timed, values::at};
use saoma_domain::{
    login::{Login, LoginContext, LoginId},
    ports::{Board, BoardEntry, Clock, StoreError, Waiter, Wakeups},
    time::Timestamp,
};
use saoma_memory::{
    BoardCapacity, FallbackBoard, ManualClock, MemoryAccessTokens, MemoryBoard, MemoryLedger, MemoryLimits,
    MemorySessionCopies, MemorySessionKeys, MemorySmsCodes,
};

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

async fn access_tokens() -> (Timed<MemoryAccessTokens, ManualTime>, ()) {
    timed(|clock| MemoryAccessTokens::new(clock))
}

async fn ledger() -> (MemoryLedger, ()) {
    (MemoryLedger::new(), ())
}

/// A board that cannot be reached.
struct Away;

impl Away {
    fn error<T>() -> Result<T, StoreError> {
        Err(StoreError::Unavailable("away".to_owned()))
    }
}

#[async_trait]
impl Board for Away {
    async fn open(&self, _: LoginId, _: Option<LoginContext>, _: Timestamp) -> Result<(), StoreError> {
        Self::error()
    }

    async fn read(&self, _: LoginId) -> Result<BoardEntry, StoreError> {
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
impl Wakeups for Away {
    async fn subscribe(&self, _: LoginId) -> Result<Box<dyn Waiter>, StoreError> {
        Self::error()
    }
}

async fn board() -> (Timed<MemoryBoard, ManualTime>, ()) {
    timed(|clock| MemoryBoard::new(clock, BoardCapacity::default()))
}

/// Two boards of which the second only comes in when the first is away.
async fn fallback_board() -> (Timed<FallbackBoard<MemoryBoard>, ManualTime>, ()) {
    timed(|clock| {
        let shared = MemoryBoard::new(clock.clone(), BoardCapacity::default());
        FallbackBoard::new(shared, Arc::new(MemoryBoard::new(clock, BoardCapacity::default())))
    })
}

/// The same, and the first is away all the time.
async fn fallback_board_without_its_first() -> (Timed<FallbackBoard<Away>, ManualTime>, ()) {
    timed(|clock| FallbackBoard::new(Away, Arc::new(MemoryBoard::new(clock, BoardCapacity::default()))))
}

async fn limits() -> (Timed<MemoryLimits, ManualTime>, ()) {
    timed(|_| MemoryLimits::new(MemoryLimits::DEFAULT_CAPACITY))
}

async fn session_copies() -> (Timed<MemorySessionCopies, ManualTime>, ()) {
    timed(|clock| MemorySessionCopies::new(clock, MemorySessionCopies::DEFAULT_CAPACITY))
}

async fn sms_codes() -> (Timed<MemorySmsCodes, ManualTime>, ()) {
    timed(|clock| MemorySmsCodes::new(clock, MemorySmsCodes::DEFAULT_CAPACITY))
}

async fn session_keys() -> (Timed<MemorySessionKeys, ManualTime>, ()) {
    timed(|clock| MemorySessionKeys::new(clock, MemorySessionKeys::DEFAULT_CAPACITY))
}

async fn board_health() -> (MemoryBoard, ()) {
    let clock = Arc::new(ManualClock::new(at(0)));
    (MemoryBoard::new(clock, BoardCapacity::default()), ())
}

saoma_contract::access_tokens_suite!(access_tokens);
saoma_contract::ledger_suite!(ledger);
saoma_contract::claims_suite!(ledger);
saoma_contract::board_suite!(board);

mod fallback {
    saoma_contract::board_suite!(crate::fallback_board);
}

mod fallback_without_its_first {
    saoma_contract::board_suite!(crate::fallback_board_without_its_first);
}

saoma_contract::limits_suite!(limits);
saoma_contract::session_copies_suite!(session_copies);
saoma_contract::sms_codes_suite!(sms_codes);
saoma_contract::session_keys_suite!(session_keys);

mod of_ledger {
    saoma_contract::health_suite!(crate::ledger);
}

mod of_board {
    saoma_contract::health_suite!(crate::board_health);
}
