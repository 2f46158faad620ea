//! Rate limits.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreError;
use crate::time::Timestamp;

/// How a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// A bucket of `burst` uses that refills by one use every `every`.
    Bucket {
        /// How many uses in a row are allowed; at least 1.
        burst: u32,
        /// How long the bucket takes to refill by one use.
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

/// The decision about one use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The use is allowed and was counted against every limit.
    Allowed,
    /// A limit is used up; nothing was counted.
    Refused {
        /// How long until the strictest limit allows the next use.
        retry_after: Duration,
    },
}

/// Counts uses against limits.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Limits: Send + Sync {
    /// Counts one use against all of the limits, or against none of them if one is used up.
    ///
    /// MUST be atomic for each single limit: however many callers there are at once, no more uses are allowed than
    /// the limit says. MUST be bounded, and remove a subject once all its uses have expired.
    ///
    /// # Errors
    /// [`StoreError`] when the use cannot be counted; the caller decides whether it is allowed.
    async fn take(&self, limits: &[Limit], now: Timestamp) -> Result<Verdict, StoreError>;

    /// Gives back one use that was allowed and counted against all of the limits at `counted_at`, where it counts still. It may
    /// stay counted, as by an implementation that does nothing here.
    ///
    /// # Errors
    /// [`StoreError`] when the use stays counted.
    async fn give_back(&self, limits: &[Limit], counted_at: Timestamp) -> Result<(), StoreError> {
        let _ = (limits, counted_at);
        Ok(())
    }

    /// Returns whether uses of the limit with this key count at the moment, and counts none. It may go on to say so for
    /// a while after they have expired.
    ///
    /// # Errors
    /// [`StoreError`] when that is not known.
    async fn is_counted(&self, key: &str, now: Timestamp) -> Result<bool, StoreError>;
}
