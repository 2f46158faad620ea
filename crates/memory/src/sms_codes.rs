//! The SMS codes of one process.

use std::sync::Arc;

use async_trait::async_trait;
use saoma_domain::{
    login::LoginId,
    ports::{Clock, CodeAttempt, SmsCodes, StoreError},
    sms::SmsCodeDigest,
    time::Timestamp,
};

use crate::store::Bounded;

/// The SMS codes of a node that shares them with no other.
///
/// A full store refuses the code of another login; the codes that it has stay valid.
pub struct MemorySmsCodes {
    pub(crate) codes: Bounded<LoginId, StoredCode>,
    clock: Arc<dyn Clock>,
}

#[derive(Debug)]
pub(crate) struct StoredCode {
    digest: SmsCodeDigest,
    attempts_left: u32,
}

impl MemorySmsCodes {
    /// 100,000 codes, at most 300 bytes each.
    pub const DEFAULT_CAPACITY: usize = 100_000;

    /// Returns an empty store for at most `capacity` codes that expire by this clock.
    pub fn new(clock: Arc<dyn Clock>, capacity: usize) -> Self {
        Self { codes: Bounded::new(capacity), clock }
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
        let code = StoredCode { digest, attempts_left: attempts };
        let has_room = self.codes.write(&login, self.clock.now()).insert(login, code, until);
        has_room
            .then_some(())
            .ok_or_else(|| StoreError::Unavailable("this node holds too many SMS codes".to_owned()))
    }

    async fn attempt(
        &self,
        login: LoginId,
        digest: SmsCodeDigest,
        now: Timestamp,
    ) -> Result<CodeAttempt, StoreError> {
        let mut codes = self.codes.lock(&login);
        let Some(code) = codes.get_mut(&login, now) else {
            return Ok(CodeAttempt::Gone);
        };
        let Some(attempts_left) = code.attempts_left.checked_sub(1) else {
            return Ok(CodeAttempt::Gone);
        };
        code.attempts_left = attempts_left;
        Ok(CodeAttempt::judge(&code.digest, &digest, attempts_left))
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
        codes.codes.remove_expired(at(182), usize::MAX);
        assert_eq!(codes.codes.len(), 1);
    }

    #[tokio::test]
    async fn a_code_without_attempts_is_gone() {
        let codes = MemorySmsCodes::new(Arc::new(ManualClock::new(at(0))), 2);
        codes.put(login(1), digest(), 0, at(180)).await.unwrap();
        assert_eq!(codes.attempt(login(1), digest(), at(1)).await, Ok(CodeAttempt::Gone));
    }
}
