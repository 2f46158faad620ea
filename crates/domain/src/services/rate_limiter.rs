//! Counting uses against limits.

use std::sync::Arc;

use super::ServiceError;
use crate::{
    ports::{Clock, Limit, Limits, Verdict},
    time::Timestamp,
};

/// Counts uses against limits.
#[derive(Clone)]
pub(super) struct RateLimiter {
    pub(super) limits: Arc<dyn Limits>,
    pub(super) clock: Arc<dyn Clock>,
}

impl RateLimiter {
    /// Counts one use against each of the limits.
    ///
    /// # Errors
    /// [`ServiceError::RateLimited`] where one of them is used up, and nothing is counted then;
    /// [`ServiceError::Store`] when the use could not be counted.
    pub(super) async fn take(&self, limits: &[Limit]) -> Result<(), ServiceError> {
        if limits.is_empty() {
            return Ok(());
        }
        self.take_at(limits, self.clock.now()).await
    }

    /// Counts one use as [`RateLimiter::take`] does, at a moment that [`Limits::give_back`] may be told.
    pub(super) async fn take_at(&self, limits: &[Limit], now: Timestamp) -> Result<(), ServiceError> {
        match self.limits.take(limits, now).await? {
            Verdict::Allowed => Ok(()),
            Verdict::Refused { retry_after } => Err(ServiceError::RateLimited { retry_after }),
        }
    }
}
