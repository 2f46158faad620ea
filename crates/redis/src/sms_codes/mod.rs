//! The SMS codes of logins.

use std::sync::LazyLock;

use async_trait::async_trait;
use redis::Value;
use saoma_domain::{
    login::LoginId,
    ports::{CodeAttempt, SmsCodes, StoreError},
    sms::SmsCodeDigest,
    time::Timestamp,
};

use crate::{
    connection::{Request, Script},
    retention,
    store::RedisStore,
};

static ATTEMPT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("attempt.lua")));

/// A failover may forget the last attempts, because Redis answers before its replicas have the write. Then as many
/// more attempts are allowed as were forgotten. The limits on sending codes are forgotten in the same way.
#[async_trait]
impl SmsCodes for RedisStore {
    async fn put(
        &self,
        login: LoginId,
        digest: SmsCodeDigest,
        attempts: u32,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let head = format!("1 {} {attempts} ", until.as_millis());
        let entry = [head.as_bytes(), &digest.number, &digest.code].concat();
        let request = Request::command("SET").arg(self.keys.sms_code(login)).arg(entry);
        let kept_for = retention::with_margin(until, self.now());
        self.connection.ask::<Value>(&request.arg("PX").arg(kept_for)).await.map(drop)
    }

    async fn attempt(
        &self,
        login: LoginId,
        digest: SmsCodeDigest,
        now: Timestamp,
    ) -> Result<CodeAttempt, StoreError> {
        let request = ATTEMPT.call(&[&self.keys.sms_code(login)]).arg(now.as_millis());
        let counted: Option<(u32, Vec<u8>)> = self.connection.ask(&request).await?;
        let judged = counted.and_then(|(attempts_left, stored)| {
            Some(CodeAttempt::judge(&read_digest(&stored)?, &digest, attempts_left))
        });
        Ok(judged.unwrap_or(CodeAttempt::Gone))
    }
}

/// Reads a digest; `None` when it does not have its length.
fn read_digest(bytes: &[u8]) -> Option<SmsCodeDigest> {
    let (number, code) = bytes.split_first_chunk()?;
    Some(SmsCodeDigest { number: *number, code: code.try_into().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_has_its_length() {
        let digest = read_digest(&[&[1; 16], [2; 32].as_slice()].concat()).unwrap();
        assert_eq!((digest.number, digest.code), ([1; 16], [2; 32]));
        for length in [0, 16, 47, 49] {
            assert!(read_digest(&vec![1; length]).is_none(), "{length}");
        }
    }
}
