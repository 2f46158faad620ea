//! What every service may need of the machine: the clock, randomness, and tasks in the background.

use std::{error::Error, pin::Pin};

use crate::time::Timestamp;

/// Tells the time.
///
/// An implementation MUST be cheap, since the hot paths ask it for every request. It need not be monotonic.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Clock: Send + Sync {
    /// Returns the current time.
    fn now(&self) -> Timestamp;
}

/// Draws random bytes.
///
/// An implementation that serves real people MUST be a cryptographically secure generator seeded by the
/// operating system. It MUST NOT return when it could not fill the buffer.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Random: Send + Sync {
    /// Fills the buffer with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// Draws an array of random bytes.
pub fn random_bytes<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}

/// Work that goes on after its caller was answered, or the reason why it failed.
pub type BackgroundWork = Pin<Box<dyn Future<Output = Result<(), Box<dyn Error + Send + Sync>>> + Send>>;

/// Runs work in the background.
///
/// The work may be lost with the process: whatever relies on it MUST be right without it.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Background: Send + Sync {
    /// Starts a piece of work and returns at once. A failure is for the operator: it is logged under `name`, which
    /// says what the work does, such as `linking an identity by its unionid`.
    fn spawn(&self, name: &'static str, work: BackgroundWork);
}
