//! Rate limits.

mod measure;

use std::{collections::BTreeMap, sync::LazyLock, time::Duration};

use async_trait::async_trait;
use futures_util::future::join_all;
use redis::Value;
use saoma_domain::{
    ports::{Limit, Limits, StoreError, Verdict},
    time::Timestamp,
};

use crate::{
    connection::{Request, Script},
    retention::MARGIN,
    store::RedisStore,
};
use measure::Measure;

static TAKE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("take.lua")));

static GIVE_BACK: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("give_back.lua")));

#[async_trait]
impl Limits for RedisStore {
    /// Counts a use. All times are the caller's; Redis only compares them.
    ///
    /// On a single server and behind Sentinels all limits of a use are checked and counted in one step. In a Cluster
    /// they lie on different servers. There they are counted one after the other, always in the order of their keys;
    /// when one refuses, the use is given back to those that counted it before. So for a moment a limit may count a
    /// use that is refused in the end, and refuse another one because of it. No limit ever allows more uses than it
    /// says: when giving back fails, the use stays counted.
    async fn take(&self, limits: &[Limit], now: Timestamp) -> Result<Verdict, StoreError> {
        if limits.is_empty() {
            return Ok(Verdict::Allowed);
        }
        let wait = if self.connection.is_cluster() {
            self.take_one_by_one(limits, now).await?
        } else {
            self.check(&limits.iter().collect::<Vec<_>>(), now, true).await?
        };
        Ok(if wait.is_zero() { Verdict::Allowed } else { Verdict::Refused { retry_after: wait } })
    }

    async fn give_back(&self, limits: &[Limit], counted_at: Timestamp) -> Result<(), StoreError> {
        for limit in limits {
            self.give_one_back(limit, counted_at).await?;
        }
        Ok(())
    }

    async fn is_counted(&self, key: &str, _: Timestamp) -> Result<bool, StoreError> {
        self.connection.ask(&Request::command("EXISTS").arg(self.keys.limit(key))).await
    }
}

impl RedisStore {
    /// Counts a use against one limit after the other, or against none, and returns how long it is refused.
    async fn take_one_by_one(&self, limits: &[Limit], now: Timestamp) -> Result<Duration, StoreError> {
        let mut by_key: BTreeMap<&str, Vec<&Limit>> = BTreeMap::new();
        for limit in limits {
            by_key.entry(&limit.key).or_default().push(limit);
        }
        let groups: Vec<_> = by_key.into_values().collect();
        for (position, group) in groups.iter().enumerate() {
            let counted_now = self.check(group, now, true).await;
            if counted_now == Ok(Duration::ZERO) {
                continue;
            }
            let (counted, rest) = groups.split_at(position);
            let last_of_each = counted.iter().filter_map(|group| group.last());
            let (given_back, others) = tokio::join!(
                join_all(last_of_each.map(|limit| self.give_one_back(limit, now))),
                self.strictest(rest.get(1..).unwrap_or_default(), now),
            );
            for error in given_back.into_iter().filter_map(Result::err) {
                tracing::debug!("a refused use stays counted: {error}");
            }
            return Ok(counted_now?.max(others));
        }
        Ok(Duration::ZERO)
    }

    /// Returns how long the strictest of the limits refuses a use, without counting it. Limits that cannot be read refuse
    /// none.
    async fn strictest(&self, groups: &[Vec<&Limit>], now: Timestamp) -> Duration {
        let waits = join_all(groups.iter().map(|group| self.check(group, now, false))).await;
        waits.into_iter().filter_map(Result::ok).max().unwrap_or_default()
    }

    /// Returns how long a use is refused; counts it against all of the limits if none refuses it and `count` says so.
    async fn check(&self, limits: &[&Limit], now: Timestamp, count: bool) -> Result<Duration, StoreError> {
        let keys: Vec<_> = limits.iter().map(|limit| self.keys.limit(&limit.key)).collect();
        let keys: Vec<_> = keys.iter().map(String::as_str).collect();
        let kept_for = u64::try_from(MARGIN.as_millis()).unwrap_or(u64::MAX);
        let mut request = TAKE.call(&keys).arg(measure::micros_of(now)).arg(u8::from(count)).arg(kept_for);
        for limit in limits {
            let Measure { kind, size, span } = Measure::of(limit.rate);
            request = request.arg(kind).arg(size).arg(span);
        }
        Ok(Duration::from_micros(self.connection.ask(&request).await?))
    }

    async fn give_one_back(&self, limit: &Limit, counted_at: Timestamp) -> Result<(), StoreError> {
        let Measure { kind, span, .. } = Measure::of(limit.rate);
        let request: Request = (GIVE_BACK.call(&[&self.keys.limit(&limit.key)]))
            .arg(measure::micros_of(counted_at))
            .arg(kind)
            .arg(span);
        self.connection.ask::<Value>(&request).await.map(drop)
    }
}
