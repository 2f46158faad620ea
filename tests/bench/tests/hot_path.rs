//! What a poll does not cost, whatever the machine.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../in_process/mod.rs"]
mod in_process;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use actix_web::{dev::Service, http::StatusCode, test::TestRequest};
use saoma_domain::ports::Random;

/// Says the same always, and counts how often it is asked.
#[derive(Default)]
struct CountedRandom(AtomicUsize);

impl Random for CountedRandom {
    fn fill(&self, buffer: &mut [u8]) {
        self.0.fetch_add(1, Ordering::Relaxed);
        buffer.fill(7);
    }
}

/// Each draw would be a call of the operating system.
#[actix_web::test]
async fn a_poll_draws_no_random_bytes() {
    let random = Arc::new(CountedRandom::default());
    let service = in_process::service(random.clone()).await;
    let status = async |request: TestRequest| service.call(request.to_request()).await.unwrap().status();
    // A node that begins may draw what it needs from then on.
    assert_eq!(status(in_process::poll(0)).await, StatusCode::OK);
    let before = random.0.load(Ordering::Relaxed);
    for number in 1..50 {
        assert_eq!(status(in_process::poll(number)).await, StatusCode::OK);
    }
    assert_eq!(random.0.load(Ordering::Relaxed), before);
}
