//! The SMS codes of one process.

use std::sync::Arc;

use async_trait::async_trait;
use saoma_domain::{
    login::LoginId,
    ports::{Clock, CodeAttempt, SmsCodes, StoreError},
    sms::SmsCodeDigest,
    time::Timestamp,
};

use crate::store::{Expiring, Quota, SWEPT_AT_ONCE, SWEPT_WHEN_FULL, Sharded};

/// The live codes of a node that shares them with no other.
///
/// When it is full it takes no code for another login; those that it has stay good.
pub struct MemorySmsCodes {
    shards: Sharded<Expiring<LoginId, Code>>,
    codes: Quota,
    clock: Arc<dyn Clock>,
}

#[derive(Debug)]
struct Code {
    digest: SmsCodeDigest,
    tries_left: u32,
}

impl MemorySmsCodes {
    /// Room for 100,000 codes, about 150 bytes each.
    pub const DEFAULT_CAPACITY: usize = 100_000;

    /// Returns an empty store for at most `capacity` codes that forgets by this clock.
    pub fn new(clock: Arc<dyn Clock>, capacity: usize) -> Self {
        Self { shards: Sharded::default(), codes: Quota::new(capacity), clock }
    }

    /// Removes at most so many entries of each part that count no more, and returns how many.
    pub(crate) fn reconcile(&self, now: Timestamp, at_most: usize) -> usize {
        let mut removed = 0;
        for mut shard in self.shards.each() {
            let here = shard.reconcile(now, at_most);
            self.codes.give_back(here);
            removed += here;
        }
        removed
    }

    /// Keeps a code and returns whether there was room.
    fn keep(&self, login: LoginId, code: Code, until: Timestamp, now: Timestamp) -> bool {
        let mut shard = self.shards.lock(&login);
        self.codes.give_back(shard.reconcile(now, SWEPT_AT_ONCE));
        let has_place = shard.holds(&login) || self.codes.take(1);
        if has_place {
            shard.insert(login, code, until);
        }
        has_place
    }
}

#[async_trait]
impl SmsCodes for MemorySmsCodes {
    async fn put(
        &self,
        login: LoginId,
        digest: SmsCodeDigest,
        attempts: u32,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        if self.codes.is_used_up() {
            self.reconcile(now, SWEPT_WHEN_FULL);
        }
        if self.keep(login, Code { digest, tries_left: attempts }, until, now) {
            return Ok(());
        }
        Err(StoreError::Unavailable("too many SMS codes are on their way".to_owned()))
    }

    async fn attempt(
        &self,
        login: LoginId,
        digest: SmsCodeDigest,
        now: Timestamp,
    ) -> Result<CodeAttempt, StoreError> {
        let mut shard = self.shards.lock(&login);
        let Some(code) = shard.get_mut(&login, now) else {
            return Ok(CodeAttempt::Gone);
        };
        let Some(attempts_left) = code.tries_left.checked_sub(1) else {
            return Ok(CodeAttempt::Gone);
        };
        code.tries_left = attempts_left;
        Ok(if !code.digest.is_for_number_of(&digest) {
            CodeAttempt::OtherNumber { attempts_left }
        } else if code.digest.is_same_code_as(&digest) {
            CodeAttempt::Right
        } else {
            CodeAttempt::Wrong { attempts_left }
        })
    }
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{at, login, proof};

    use super::*;
    use saoma_testing::ManualClock;

    fn digest() -> SmsCodeDigest {
        SmsCodeDigest { number: [1; 16], code: proof(1).0 }
    }

    #[tokio::test]
    async fn a_full_store_takes_no_more_codes_and_keeps_the_old_ones() {
        let clock = Arc::new(ManualClock::new(at(0)));
        let codes = MemorySmsCodes::new(clock.clone(), 2);
        for number in 0..2 {
            codes.put(login(number), digest(), 5, at(180)).await.unwrap();
        }
        let refused = codes.put(login(2), digest(), 5, at(180)).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))));
        codes.put(login(1), digest(), 5, at(180)).await.unwrap();
        assert_eq!(codes.attempt(login(0), digest(), at(1)).await, Ok(CodeAttempt::Right));

        clock.set(at(182));
        codes.put(login(2), digest(), 5, at(300)).await.unwrap();
        assert_eq!(codes.codes.taken(), 1);
        codes.reconcile(at(400), usize::MAX);
        assert_eq!(codes.codes.taken(), 0);
    }

    #[tokio::test]
    async fn a_code_without_tries_is_gone() {
        let codes = MemorySmsCodes::new(Arc::new(ManualClock::new(at(0))), 2);
        codes.put(login(1), digest(), 0, at(180)).await.unwrap();
        assert_eq!(codes.attempt(login(1), digest(), at(1)).await, Ok(CodeAttempt::Gone));
    }
}
