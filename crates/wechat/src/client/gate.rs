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
    /// Runs a call, or repeats the refusal that closed the gate without running it.
    pub(super) async fn run<T>(
        &self,
        clock: &dyn Clock,
        call: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let trial = self.enter(clock).await?;
        let result = call.await;
        match &result {
            Err(Failure::Refused(refusal)) if refusal.closes_the_gate() => {
                self.set(Some(Block { until: next_minute(clock.now()), refusal: refusal.clone() }));
            }
            Ok(_) | Err(Failure::Refused(_)) if trial.is_some() => self.set(None),
            // Where nothing was learned about the quota, the next call tries again.
            Ok(_) | Err(Failure::Refused(_) | Failure::Unreachable(_) | Failure::Nonsense(_)) => {}
        }
        result
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
