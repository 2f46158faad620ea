//! Removing what is over, for a node that has become idle after a flood; the writes remove the rest.

use async_trait::async_trait;
use saoma_domain::{
    ports::{Pruning, StoreError},
    time::Timestamp,
};

use crate::{MemoryLimits, MemoryLoginCache, MemorySessionKeys, MemorySmsCodes};

/// How many entries of each part of a store are removed at once, so that none stays locked for long.
const AT_ONCE: usize = 10_000;

macro_rules! pruned {
    ($($store:ty),*) => {$(
        #[async_trait]
        impl Pruning for $store {
            /// Removes whatever is over at `now`; nobody asks for it again, so nothing is kept for longer.
            async fn prune(&self, now: Timestamp, _batch: u32) -> Result<u64, StoreError> {
                Ok(u64::try_from(self.reconcile(now, AT_ONCE)).unwrap_or(u64::MAX))
            }
        }
    )*};
}

pruned!(MemoryLoginCache, MemoryLimits, MemorySessionKeys, MemorySmsCodes);
