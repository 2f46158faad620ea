//! The stores of tests do what every adapter has to do.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use saoma_contract::{TestTime, Timed, values::at};
use saoma_domain::{ports::Clock, time::Timestamp};
use saoma_testing::{ManualClock, MemoryAccessTokens, MemoryDatabase};

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

async fn database() -> (MemoryDatabase, ()) {
    (MemoryDatabase::new(), ())
}

saoma_contract::access_tokens_suite!(access_tokens);
saoma_contract::database_suite!(database);
saoma_contract::message_queue_suite!(database);
saoma_contract::one_time_codes_suite!(database);
saoma_contract::outbox_suite!(database);
saoma_contract::audit_chain_suite!(database);
saoma_contract::journal_suite!(database);
saoma_contract::funnel_suite!(database);
saoma_contract::grants_suite!(database);
saoma_contract::signing_keys_suite!(database);
saoma_contract::health_suite!(database);

/// Shows that the comparison of two databases can fail.
#[test]
#[should_panic(expected = "left")]
fn a_database_that_answers_otherwise_is_found_out() {
    saoma_contract::databases_agree(1, async || {
        let other = MemoryDatabase::new();
        other.set_available(false);
        (MemoryDatabase::new(), other)
    });
}
