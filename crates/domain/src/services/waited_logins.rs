//! The logins that clients of this node have asked about lately.
//!
//! A copy of an outcome can fail to reach the cache after its commit. One query for all of these logins, every
//! few seconds, finds such outcomes; so a waiting client costs no query of its own.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::{login::LoginId, time::Timestamp};

/// Longer than clients and waiters let pass between two looks.
const REMEMBERED: Duration = Duration::from_secs(15);

/// So many are remembered at the most; those beyond ask the database themselves when their time is up.
const CAPACITY: usize = 100_000;

const SHARDS: usize = 16;

/// A bounded set of logins with the time of the last look at each.
#[derive(Default)]
pub(super) struct WaitedLogins {
    shards: [Mutex<HashMap<LoginId, Timestamp>>; SHARDS],
}

impl WaitedLogins {
    /// Notes that somebody looked at a login.
    pub(super) fn note(&self, id: LoginId, now: Timestamp) {
        // The bytes of an id's commitment are as good as random.
        let shard = usize::from(id.as_bytes().get(8).copied().unwrap_or(0)) % SHARDS;
        let Some(shard) = self.shards.get(shard) else { return };
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if shard.len() < CAPACITY / SHARDS || shard.contains_key(&id) {
            shard.insert(id, now);
        }
    }

    /// Returns the logins that were looked at lately, and forgets the others.
    pub(super) fn recent(&self, now: Timestamp) -> Vec<LoginId> {
        let oldest = now.minus(REMEMBERED);
        let mut recent = Vec::new();
        for shard in &self.shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            shard.retain(|_, at| *at >= oldest);
            recent.extend(shard.keys().copied());
        }
        recent
    }
}
