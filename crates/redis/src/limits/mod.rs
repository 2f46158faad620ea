//! How often something may be done.

mod measure;

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use futures_util::future::join_all;
use redis::Value;
use saoma_domain::{
    ports::{Limit, Limits, StoreError, Verdict},
    time::Timestamp,
};

use crate::{
    link::{Failure, Request, Script},
    store::{MARGIN, RedisStore},
};
use measure::Measure;

/// The scripts of the limits.
pub(crate) struct LimitScripts {
    take: Script,
    give_back: Script,
}

impl LimitScripts {
    pub(crate) fn new() -> Self {
        Self {
            take: Script::new(include_str!("take.lua")),
            give_back: Script::new(include_str!("give_back.lua")),
        }
    }
}

#[async_trait]
impl Limits for RedisStore {
    /// Counts a use; all times are the caller's, Redis only compares them.
    ///
    /// On a single server and behind Sentinels all limits of a use are judged and counted in one step. In a
    /// Cluster they lie on different servers, so they are counted one after the other, always in the order of
    /// their keys; when one refuses, the use is given back to those that counted it before. So for a moment
    /// a limit may count a use that is refused in the end, and refuse another because of it. Never are more
    /// uses allowed than a limit says, not even when giving back fails: the use then stays counted.
    async fn take(&self, limits: &[Limit], now: Timestamp) -> Result<Verdict, StoreError> {
        if limits.is_empty() {
            return Ok(Verdict::Allowed);
        }
        let wait = if self.inner.wire.is_cluster() {
            self.take_in_turn(limits, now).await?
        } else {
            self.ask(&limits.iter().collect::<Vec<_>>(), now, true).await?
        };
        Ok(if wait.is_zero() { Verdict::Allowed } else { Verdict::Refused { retry_after: wait } })
    }
}

impl RedisStore {
    /// Counts a use against one limit after the other, or against none, and returns how long it is refused.
    async fn take_in_turn(&self, limits: &[Limit], now: Timestamp) -> Result<Duration, StoreError> {
        let mut by_key: BTreeMap<&str, Vec<&Limit>> = BTreeMap::new();
        for limit in limits {
            by_key.entry(&limit.key).or_default().push(limit);
        }
        let groups: Vec<_> = by_key.into_values().collect();
        for (position, group) in groups.iter().enumerate() {
            let asked = self.ask(group, now, true).await;
            if asked == Ok(Duration::ZERO) {
                continue;
            }
            let (counted, rest) = groups.split_at(position);
            let last_of_each = counted.iter().filter_map(|group| group.last());
            let (_, others) = tokio::join!(
                join_all(last_of_each.map(|limit| self.give_back(limit, now))),
                self.strictest(rest.get(1..).unwrap_or_default(), now),
            );
            return Ok(asked?.max(others));
        }
        Ok(Duration::ZERO)
    }

    /// Returns how long the strictest of the limits refuses a use, as far as Redis says, counting none.
    async fn strictest(&self, groups: &[Vec<&Limit>], now: Timestamp) -> Duration {
        let waits = join_all(groups.iter().map(|group| self.ask(group, now, false))).await;
        waits.into_iter().filter_map(Result::ok).max().unwrap_or_default()
    }

    /// Counts a use against all of the limits or none, or only looks, and returns how long it is refused.
    async fn ask(&self, limits: &[&Limit], now: Timestamp, count: bool) -> Result<Duration, Failure> {
        let keys: Vec<_> = limits.iter().map(|limit| self.key_of_limit(limit)).collect();
        let keys: Vec<_> = keys.iter().map(String::as_str).collect();
        let kept_for = u64::try_from(MARGIN.as_millis()).unwrap_or(u64::MAX);
        let mut request = self.inner.limits.take.call(&keys);
        request = request.arg(measure::micros_of(now)).arg(u8::from(count)).arg(kept_for);
        for limit in limits {
            let Measure { kind, size, span } = Measure::of(limit.rate);
            request = request.arg(kind).arg(size).arg(span);
        }
        Ok(Duration::from_micros(self.inner.wire.ask(&request).await?))
    }

    async fn give_back(&self, limit: &Limit, counted_at: Timestamp) {
        let Measure { kind, span, .. } = Measure::of(limit.rate);
        let request: Request = (self.inner.limits.give_back.call(&[&self.key_of_limit(limit)]))
            .arg(measure::micros_of(counted_at))
            .arg(kind)
            .arg(span);
        if let Err(failure) = self.inner.wire.ask::<Value>(&request).await {
            tracing::debug!(?failure, "a refused use stays counted");
        }
    }

    fn key_of_limit(&self, limit: &Limit) -> String {
        format!("{}limit:{}", self.inner.prefix, limit.key)
    }
}
