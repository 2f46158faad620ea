//! Removal of expired entries from a node that has become idle after a flood; writes remove the others.

use async_trait::async_trait;
use saoma_domain::{
    ports::{Pruning, StoreError},
    time::Timestamp,
};

use crate::{
    copied_session_cache::SessionCopies, limits::MemoryLimits, login_cache::MemoryLoginCache,
    login_copies::LoginCopies, message_codes::MemoryMessageCodes, session_cache::MemorySessionCache,
    session_keys::MemorySessionKeys, sms_codes::MemorySmsCodes,
};

/// How many entries of each part of a store are removed at once, so that no part stays locked for long.
const REMOVED_PER_RUN: usize = 10_000;

/// Implements [`Pruning`] for stores that are a bounded map.
macro_rules! pruned {
    ($($store:ty: $($map:ident).+),* $(,)?) => {$(
        #[async_trait]
        impl Pruning for $store {
            /// Removes what has expired at `now`. Nothing is kept longer: no caller asks for an expired entry.
            async fn prune(&self, now: Timestamp, _batch: u32) -> Result<u64, StoreError> {
                Ok(u64::try_from(self.$($map).+.remove_expired(now, REMOVED_PER_RUN)).unwrap_or(u64::MAX))
            }
        }
    )*};
}

pruned!(
    MemoryLoginCache: logins,
    LoginCopies: copies.entries,
    MemoryLimits: subjects,
    MemorySessionCache: entries,
    SessionCopies: copies.entries,
    MemoryMessageCodes: codes,
    MemorySessionKeys: keys,
    MemorySmsCodes: codes,
);
