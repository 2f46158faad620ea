//! The clock and the source of randomness.

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
