//! SMS codes in a shared store that is not believed.

use std::time::Duration;

use async_trait::async_trait;
use saoma_domain::{
    login::LoginId,
    ports::{CodeAttempt, Limit, Limits, Rate, SmsCodes, StoreError, Verdict},
    sms::SmsCodeDigest,
    time::Timestamp,
};

use crate::MemoryLimits;

/// How many tries of one login this node evaluates, whatever the shared store counts: as many as six codes have.
const TRIES_PER_LOGIN: u32 = 30;

/// Longer than a login waits for a phone number.
const COUNTED_FOR: Duration = Duration::from_secs(3600);

/// The SMS codes that nodes share, with a count of tries of this node's own.
///
/// A writer of the shared store can make no code, since digests are keyed, but could put a code's count back
/// and guess for as long as it lives.
pub struct GuardedSmsCodes<S> {
    shared: S,
    tries: MemoryLimits,
}

impl<S: SmsCodes> GuardedSmsCodes<S> {
    /// Counts the tries at the codes of a shared store.
    pub fn new(shared: S) -> Self {
        Self { shared, tries: MemoryLimits::new(MemoryLimits::DEFAULT_CAPACITY) }
    }
}

#[async_trait]
impl<S: SmsCodes> SmsCodes for GuardedSmsCodes<S> {
    async fn put(
        &self,
        login: LoginId,
        digest: SmsCodeDigest,
        attempts: u32,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.shared.put(login, digest, attempts, until).await
    }

    async fn attempt(
        &self,
        login: LoginId,
        digest: SmsCodeDigest,
        now: Timestamp,
    ) -> Result<CodeAttempt, StoreError> {
        let rate = Rate::Window { max: TRIES_PER_LOGIN, lasts: COUNTED_FOR };
        match self.tries.take(&[Limit { key: login.to_string(), rate }], now).await? {
            Verdict::Allowed => self.shared.attempt(login, digest, now).await,
            Verdict::Refused { .. } => Ok(CodeAttempt::Gone),
        }
    }
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{at, login};
    use saoma_domain::ports::MockSmsCodes;

    use super::*;

    #[tokio::test]
    async fn tries_end_although_the_shared_store_forgets_them() {
        let mut forgets = MockSmsCodes::new();
        forgets.expect_attempt().returning(|_, _, _| Ok(CodeAttempt::Wrong { attempts_left: 4 }));
        let (codes, digest) =
            (GuardedSmsCodes::new(forgets), SmsCodeDigest { number: [1; 16], code: [2; 32] });
        for _ in 0..TRIES_PER_LOGIN {
            let tried = codes.attempt(login(1), digest, at(1)).await;
            assert_eq!(tried, Ok(CodeAttempt::Wrong { attempts_left: 4 }));
        }
        assert_eq!(codes.attempt(login(1), digest, at(600)).await, Ok(CodeAttempt::Gone));
        let another = codes.attempt(login(2), digest, at(600)).await;
        assert_eq!(another, Ok(CodeAttempt::Wrong { attempts_left: 4 }));
    }
}
