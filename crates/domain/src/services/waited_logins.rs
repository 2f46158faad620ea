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

/// Longer than a client that waits takes to say so again.
const REMEMBERED_FOR: Duration = Duration::from_secs(15);

/// The most logins that are remembered; clients of those beyond read the database themselves at the deadline.
const CAPACITY: usize = 100_000;

const SHARDS: usize = 16;

/// A bounded set of logins with the last read of each.
#[derive(Default)]
pub(super) struct WaitedLogins {
    shards: [Mutex<HashMap<LoginId, LastRead>>; SHARDS],
}

struct LastRead {
    at: Timestamp,
    version: u32,
}

impl WaitedLogins {
    /// Notes that a client has read this version of a login.
    pub(super) fn note(&self, id: LoginId, version: u32, now: Timestamp) {
        // The bytes of an id's commitment are as good as random.
        let shard = usize::from(id.as_bytes().get(8).copied().unwrap_or(0)) % SHARDS;
        let Some(shard) = self.shards.get(shard) else { return };
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if shard.len() < CAPACITY / SHARDS || shard.contains_key(&id) {
            shard.insert(id, LastRead { at: now, version });
        }
    }

    /// Returns the logins that were read lately with the version that was read, and forgets the others.
    pub(super) fn recent(&self, now: Timestamp) -> HashMap<LoginId, u32> {
        let oldest = now.minus(REMEMBERED_FOR);
        let mut recent = HashMap::new();
        for shard in &self.shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            shard.retain(|_, read| read.at >= oldest);
            recent.extend(shard.iter().map(|(id, read)| (*id, read.version)));
        }
        recent
    }
}
