//! Time for the stores that forget by themselves.

use std::time::Duration;

use async_trait::async_trait;
use saoma_domain::time::Timestamp;

/// Time as an adapter under test sees it: a clock that is set, or the real one.
#[async_trait]
pub trait TestTime: Send + Sync + 'static {
    /// Returns the current time of the adapter's clock.
    fn now(&self) -> Timestamp;

    /// Returns once that much time has passed by the adapter's clock; cases ask for less than a second.
    async fn pass(&self, duration: Duration);
}

/// An adapter with the time that it goes by.
#[derive(Debug)]
pub struct Timed<A, T> {
    /// The adapter.
    pub adapter: A,
    /// Its time.
    pub time: T,
}
