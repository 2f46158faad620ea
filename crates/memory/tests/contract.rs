//! The adapters in memory do what every adapter has to do.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use saoma_contract::{TestTime, Timed, values::at};
use saoma_domain::{ports::Clock, time::Timestamp};
use saoma_memory::{BoardCapacity, ManualClock, MemoryBoard, MemoryLedger, MemoryLimits, MemorySmsCodes};

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

async fn ledger() -> (MemoryLedger, ()) {
    (MemoryLedger::new(), ())
}

async fn board() -> (Timed<MemoryBoard, ManualTime>, ()) {
    timed(|clock| MemoryBoard::new(clock, BoardCapacity::default()))
}

async fn limits() -> (Timed<MemoryLimits, ManualTime>, ()) {
    timed(|_| MemoryLimits::new(MemoryLimits::DEFAULT_CAPACITY))
}

async fn sms_codes() -> (Timed<MemorySmsCodes, ManualTime>, ()) {
    timed(|clock| MemorySmsCodes::new(clock, MemorySmsCodes::DEFAULT_CAPACITY))
}

async fn board_health() -> (MemoryBoard, ()) {
    let clock = Arc::new(ManualClock::new(at(0)));
    (MemoryBoard::new(clock, BoardCapacity::default()), ())
}

saoma_contract::ledger_suite!(ledger);
saoma_contract::board_suite!(board);
saoma_contract::limits_suite!(limits);
saoma_contract::sms_codes_suite!(sms_codes);

mod of_ledger {
    saoma_contract::health_suite!(crate::ledger);
}

mod of_board {
    saoma_contract::health_suite!(crate::board_health);
}
