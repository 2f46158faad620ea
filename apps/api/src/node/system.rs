//! The one place that reads the real clock, draws real randomness, and starts background tasks.

use std::time::{SystemTime, UNIX_EPOCH};

use ring::rand::{SecureRandom, SystemRandom};
use saoma_domain::{
    ports::{Background, BackgroundWork, Clock, Random},
    time::Timestamp,
};
use tracing::Instrument as _;

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that all other code is given")]
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The generator of the operating system.
#[derive(Clone, Debug)]
pub struct OsRandom(SystemRandom);

impl Default for OsRandom {
    #[expect(clippy::disallowed_methods, reason = "this is the generator that all other code is given")]
    fn default() -> Self {
        Self(SystemRandom::new())
    }
}

impl Random for OsRandom {
    #[expect(
        clippy::panic,
        reason = "without randomness every secret could be guessed, so the process has to stop"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        if self.0.fill(buffer).is_err() {
            panic!("the operating system gave no randomness");
        }
    }
}

/// Runs background work as tasks of the Tokio runtime that the caller runs in.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioBackground;

impl Background for TokioBackground {
    fn spawn(&self, name: &'static str, work: BackgroundWork) {
        let work = async move {
            if let Err(error) = work.await {
                tracing::warn!(error = &*error, "{name} failed: {error}");
            }
        };
        tokio::spawn(work.in_current_span());
    }
}
