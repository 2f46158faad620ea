//! The limits of one process.

mod rate;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use saoma_domain::{
    ports::{Limit, Limits, StoreError, Verdict},
    time::Timestamp,
};

use crate::store::{Expiring, Locked, Quota, SWEPT_AT_ONCE, SWEPT_WHEN_FULL, Sharded};
use rate::Usage;

/// Counters of a node that shares them with no other.
///
/// A subject is forgotten once its limit is back at rest. When there is no room for another subject and none
/// is at rest, the use is not counted and the answer is [`StoreError::Unavailable`]: a subject that counts is
/// never forgotten for the sake of a new one, or whoever can make up subjects could lift every limit.
#[derive(Debug)]
pub struct MemoryLimits {
    shards: Sharded<Shard>,
    subjects: Quota,
}

type Shard = Expiring<Arc<str>, Usage>;

/// There was no room for the subjects.
struct Full;

impl MemoryLimits {
    /// Room for a million subjects, about 200 bytes each.
    pub const DEFAULT_CAPACITY: usize = 1_000_000;

    /// Returns counters for at most `capacity` subjects at a time.
    pub fn new(capacity: usize) -> Self {
        Self { shards: Sharded::default(), subjects: Quota::new(capacity) }
    }

    /// Removes at most so many entries of each part that count no more, and returns how many.
    pub(crate) fn reconcile(&self, now: Timestamp, at_most: usize) -> usize {
        let mut removed = 0;
        for mut shard in self.shards.each() {
            let here = shard.reconcile(now, at_most);
            self.subjects.give_back(here);
            removed += here;
        }
        removed
    }

    fn count(&self, limits: &[Limit], now: Timestamp) -> Result<Verdict, Full> {
        let mut parts = self.shards.lock_all(limits.iter().map(|limit| limit.key.as_str()));
        let usages = match judge(&mut parts, limits, now) {
            Ok(usages) => usages,
            Err(retry_after) => return Ok(Verdict::Refused { retry_after }),
        };
        // Before any place is counted: two limits may share a part, and what is swept out needs one again.
        for position in 0..limits.len() {
            if let Some(part) = parts.of_key(position) {
                self.subjects.give_back(part.reconcile(now, SWEPT_AT_ONCE));
            }
        }
        let mut new = 0;
        for (position, limit) in limits.iter().enumerate() {
            if let Some(part) = parts.of_key(position) {
                new += usize::from(!part.holds(limit.key.as_str()));
            }
        }
        if !self.subjects.take(new) {
            return Err(Full);
        }
        for (position, (limit, usage)) in limits.iter().zip(usages).enumerate() {
            if let Some(part) = parts.of_key(position) {
                new -= usize::from(note(part, limit, usage, now));
            }
        }
        // Two limits on one subject have taken two places for it.
        self.subjects.give_back(new);
        Ok(Verdict::Allowed)
    }
}

#[async_trait]
impl Limits for MemoryLimits {
    async fn take(&self, limits: &[Limit], now: Timestamp) -> Result<Verdict, StoreError> {
        let counted = self.count(limits, now).or_else(|Full| {
            self.reconcile(now, SWEPT_WHEN_FULL);
            self.count(limits, now)
        });
        counted.map_err(|Full| StoreError::Unavailable("too many subjects are limited".to_owned()))
    }
}

/// Returns how the limits stand after another use, or how long the strictest of them refuses it.
fn judge(parts: &mut Locked<'_, Shard>, limits: &[Limit], now: Timestamp) -> Result<Vec<Usage>, Duration> {
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

/// Writes down how a limit stands, and returns whether that took a new place.
fn note(part: &mut Shard, limit: &Limit, usage: Usage, now: Timestamp) -> bool {
    let rest = usage.at_rest(limit.rate);
    if let Some(known) = part.get_mut(limit.key.as_str(), now) {
        *known = usage;
        part.prolong(limit.key.as_str(), rest);
        return false;
    }
    let is_new = !part.holds(limit.key.as_str());
    part.insert(Arc::from(limit.key.as_str()), usage, rest);
    is_new
}
