//! The logins that clients of this node wait for.
//!
//! After a commit the cache may fail to take the outcome. One query for all of these logins, every few seconds, finds
//! such outcomes; so a waiting client costs no query of its own.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::{login::LoginId, time::Timestamp};

/// Longer than the time between two reads of a client that waits.
const REMEMBERED_FOR: Duration = Duration::from_secs(15);

/// The most logins that are remembered; clients of those beyond read the database themselves at the deadline.
const CAPACITY: usize = 100_000;

const SHARDS: usize = 16;

/// A bounded set of logins with the time of the last read of each.
#[derive(Default)]
pub(super) struct WaitedLogins {
    shards: [Mutex<HashMap<LoginId, Timestamp>>; SHARDS],
}

impl WaitedLogins {
    /// Notes that a client has read a login.
    pub(super) fn note(&self, id: LoginId, now: Timestamp) {
        // The bytes of an id's commitment are as good as random.
        let shard = usize::from(id.as_bytes().get(8).copied().unwrap_or(0)) % SHARDS;
        let Some(shard) = self.shards.get(shard) else { return };
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if shard.len() < CAPACITY / SHARDS || shard.contains_key(&id) {
            shard.insert(id, now);
        }
    }

    /// Returns the logins that were read lately, and forgets the others.
    pub(super) fn recent(&self, now: Timestamp) -> Vec<LoginId> {
        let oldest = now.minus(REMEMBERED_FOR);
        let mut recent = Vec::new();
        for shard in &self.shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            shard.retain(|_, at| *at >= oldest);
            recent.extend(shard.keys().copied());
        }
        recent
    }
}
