//! Counters that limit how often something may be done.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreError;
use crate::time::Timestamp;

/// How a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// A bucket of `burst` uses that refills by one every `every`.
    Bucket {
        /// How many uses in a row are allowed; at least 1.
        burst: u32,
        /// How long one use takes to come back.
        every: Duration,
    },
    /// At most `max` uses in a window that starts with the first of them.
    Window {
        /// How many uses a window allows; at least 1.
        max: u32,
        /// How long a window lasts.
        lasts: Duration,
    },
}

/// One limit on one subject, such as one phone number's SMS codes an hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Names limit and subject; never holds a phone number in clear.
    pub key: String,
    /// How it counts.
    pub rate: Rate,
}

/// What the limits say about one use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is allowed, and was counted against every limit.
    Allowed,
    /// A limit is used up; nothing was counted.
    Refused {
        /// When the strictest of them allows the next use.
        retry_after: Duration,
    },
}

/// Counts uses against limits.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Limits: Send + Sync {
    /// Counts one use against all of the limits, or against none of them when one is used up.
    ///
    /// MUST be atomic for each single limit: with any number of callers at once, never more uses are allowed
    /// than the limit says. MUST be bounded, and forget a subject once its limits are back at rest.
    ///
    /// # Errors
    /// [`StoreError`] when it could not count; whether that allows the use is the caller's decision.
    async fn take(&self, limits: &[Limit], now: Timestamp) -> Result<Verdict, StoreError>;
}
