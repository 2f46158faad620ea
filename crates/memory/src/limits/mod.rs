//! The rate limits of one process.

mod rate;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use saoma_domain::{
    ports::{Limit, Limits, StoreError, Verdict},
    time::Timestamp,
};

use crate::store::{Bounded, Expiring, Locked, REMOVED_PER_WRITE, REMOVED_WHEN_FULL};
use rate::Usage;

/// The rate limits of a node that shares them with no other.
///
/// A subject is removed once all its uses have expired. When there is no room for another subject, the use is not
/// counted and the answer is [`StoreError::Unavailable`]. A subject whose uses count is never removed for a new one;
/// otherwise a client that invents subjects could lift every limit.
#[derive(Debug)]
pub struct MemoryLimits {
    pub(crate) subjects: Bounded<Arc<str>, Usage>,
}

type Part = Expiring<Arc<str>, Usage>;

/// There is no room for the subjects.
struct NoRoom;

impl MemoryLimits {
    /// A million subjects, at most 300 bytes each.
    pub const DEFAULT_CAPACITY: usize = 1_000_000;

    /// Returns limits for at most `capacity` subjects at a time.
    pub fn new(capacity: usize) -> Self {
        Self { subjects: Bounded::new(capacity) }
    }

    fn count(&self, limits: &[Limit], now: Timestamp) -> Result<Verdict, NoRoom> {
        let (parts, room) = self.subjects.parts_and_room();
        let mut parts = parts.lock_all(limits.iter().map(|limit| limit.key.as_str()));
        let usages = match judge(&mut parts, limits, now) {
            Ok(usages) => usages,
            Err(retry_after) => return Ok(Verdict::Refused { retry_after }),
        };
        // Before room is taken: two limits may share a part, and a subject that is removed here needs room again.
        for position in 0..limits.len() {
            if let Some(part) = parts.of_key(position) {
                room.give_back(part.remove_expired(now, REMOVED_PER_WRITE));
            }
        }
        let mut new = 0;
        for (position, limit) in limits.iter().enumerate() {
            if let Some(part) = parts.of_key(position) {
                new += usize::from(!part.holds(limit.key.as_str()));
            }
        }
        if !room.take(new) {
            return Err(NoRoom);
        }
        for (position, (limit, usage)) in limits.iter().zip(usages).enumerate() {
            if let Some(part) = parts.of_key(position) {
                new -= usize::from(store(part, limit, usage, now));
            }
        }
        // Two limits on one subject took room for it twice.
        room.give_back(new);
        Ok(Verdict::Allowed)
    }
}

#[async_trait]
impl Limits for MemoryLimits {
    async fn take(&self, limits: &[Limit], now: Timestamp) -> Result<Verdict, StoreError> {
        let counted = self.count(limits, now).or_else(|NoRoom| {
            self.subjects.remove_expired(now, REMOVED_WHEN_FULL);
            self.count(limits, now)
        });
        counted.map_err(|NoRoom| StoreError::Unavailable("this node limits too many subjects".to_owned()))
    }

    async fn give_back(&self, limits: &[Limit], counted_at: Timestamp) -> Result<(), StoreError> {
        for limit in limits {
            let mut part = self.subjects.parts_and_room().0.lock(limit.key.as_str());
            if let Some(usage) = part.get_mut(limit.key.as_str(), counted_at) {
                *usage = usage.without(limit.rate, counted_at);
            }
        }
        Ok(())
    }

    async fn is_counted(&self, key: &str, now: Timestamp) -> Result<bool, StoreError> {
        Ok(self.subjects.parts_and_room().0.lock(key).get(key, now).is_some())
    }
}

/// Returns the usages after one more use, or how long the strictest limit refuses it.
fn judge(parts: &mut Locked<'_, Part>, limits: &[Limit], now: Timestamp) -> Result<Vec<Usage>, Duration> {
    let mut usages = Vec::with_capacity(limits.len());
    let mut refused: Option<Duration> = None;
    for (position, limit) in limits.iter().enumerate() {
        let usage = parts.of_key(position).and_then(|part| part.get(limit.key.as_str(), now));
        match Usage::after_another(usage, limit.rate, now) {
            Ok(usage) => usages.push(usage),
            Err(retry_after) => refused = refused.max(Some(retry_after)),
        }
    }
    refused.map_or(Ok(usages), Err)
}

/// Stores the usage of a limit, and returns whether its subject is new.
fn store(part: &mut Part, limit: &Limit, usage: Usage, now: Timestamp) -> bool {
    let until = usage.expires_at(limit.rate);
    if let Some(known) = part.get_mut(limit.key.as_str(), now) {
        *known = usage;
        part.prolong(limit.key.as_str(), until);
        return false;
    }
    let is_new = !part.holds(limit.key.as_str());
    part.insert(Arc::from(limit.key.as_str()), usage, until);
    is_new
}
