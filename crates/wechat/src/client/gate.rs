//! Leaving an API alone whose quota is used up.

use std::future::Future;
use std::sync::{Mutex, PoisonError};

use saoma_domain::ports::Clock;
use saoma_domain::time::Timestamp;
use tokio::sync::MutexGuard;

use super::failure::{Failure, Refusal, next_minute};

/// Lets calls of one API of one app through, until WeChat says that the quota is used up; then none until
/// the next minute starts, and then one at a time until one is not refused for that reason.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// Whether a used-up minute may be one person's, and then is no reason to turn others away.
    counts_persons: bool,
    block: Mutex<Option<Block>>,
    /// Held by the one call that tries whether a block is over.
    trial: tokio::sync::Mutex<()>,
}

#[derive(Clone, Debug)]
struct Block {
    until: Timestamp,
    refusal: Refusal,
}

impl Gate {
    /// Makes the gate of an API that WeChat counts by person: a used-up minute does not close it, or one
    /// person could close it to everybody.
    pub(super) fn by_person() -> Self {
        Self { counts_persons: true, ..Self::default() }
    }

    /// Runs a call, or repeats the refusal that closed the gate without running it.
    pub(super) async fn run<T>(
        &self,
        clock: &dyn Clock,
        call: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let trial = self.enter(clock).await?;
        let result = call.await;
        match &result {
            Err(Failure::Refused(refusal)) if self.is_closed_by(refusal) => {
                self.set(Some(Block { until: next_minute(clock.now()), refusal: refusal.clone() }));
            }
            Ok(_) | Err(Failure::Refused(_)) if trial.is_some() => self.set(None),
            // Where nothing was learned about the quota, the next call tries again.
            Ok(_) | Err(Failure::Refused(_) | Failure::Unreachable(_) | Failure::Nonsense(_)) => {}
        }
        result
    }

    fn is_closed_by(&self, refusal: &Refusal) -> bool {
        refusal.is_a_stop() || (refusal.is_over_the_minute() && !self.counts_persons)
    }

    async fn enter(&self, clock: &dyn Clock) -> Result<Option<MutexGuard<'_, ()>>, Failure> {
        if self.still_blocked(clock)?.is_none() {
            return Ok(None);
        }
        let trial = self.trial.lock().await;
        Ok(self.still_blocked(clock)?.map(|_over| trial))
    }

    /// Returns the block that is over and has to be tried, `None` where there is none, and the refusal while
    /// it lasts.
    fn still_blocked(&self, clock: &dyn Clock) -> Result<Option<Block>, Failure> {
        let block = self.block.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match block {
            Some(block) if clock.now() < block.until => Err(Failure::Refused(block.refusal)),
            Some(_) | None => Ok(block),
        }
    }

    fn set(&self, block: Option<Block>) {
        *self.block.lock().unwrap_or_else(PoisonError::into_inner) = block;
    }
}
