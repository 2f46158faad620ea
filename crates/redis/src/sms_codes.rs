//! The live SMS codes of logins.

use async_trait::async_trait;
use redis::Value;
use saoma_domain::{
    login::LoginId,
    ports::{CodeAttempt, SmsCodes, StoreError},
    sms::SmsCodeDigest,
    time::Timestamp,
};

use crate::{
    link::{Request, Script},
    store::{RedisStore, kept_for},
};

/// The script that counts a try.
pub(crate) fn attempt() -> Script {
    Script::new(include_str!("attempt.lua"))
}

/// A failover may forget the last tries, since Redis copies to its replicas after it has answered: then as many
/// more are evaluated as were forgotten. The limits on asking for codes are forgotten likewise.
#[async_trait]
impl SmsCodes for RedisStore {
    async fn put(
        &self,
        login: LoginId,
        digest: SmsCodeDigest,
        attempts: u32,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let code = format!("1 {} {attempts} {}", until.as_millis(), hex(&digest));
        let kept_for = kept_for(until, self.inner.clock.now());
        let request = Request::command("SET").arg(self.key_of_code(login)).arg(code);
        self.inner.wire.ask::<Value>(&request.arg("PX").arg(kept_for)).await?;
        Ok(())
    }

    async fn attempt(
        &self,
        login: LoginId,
        digest: SmsCodeDigest,
        now: Timestamp,
    ) -> Result<CodeAttempt, StoreError> {
        let request = self.inner.attempt.call(&[&self.key_of_code(login)]).arg(now.as_millis());
        let counted: Option<(u32, String)> = self.inner.wire.ask(&request).await?;
        Ok(match counted.and_then(|(left, kept)| Some((left, unhex(&kept)?))) {
            None => CodeAttempt::Gone,
            Some((attempts_left, kept)) if !kept.is_for_number_of(&digest) => {
                CodeAttempt::OtherNumber { attempts_left }
            }
            Some((_, kept)) if kept.is_same_code_as(&digest) => CodeAttempt::Right,
            Some((attempts_left, _)) => CodeAttempt::Wrong { attempts_left },
        })
    }
}

impl RedisStore {
    fn key_of_code(&self, login: LoginId) -> String {
        format!("{}:sms", self.inner.key_of(login))
    }
}

fn hex(digest: &SmsCodeDigest) -> String {
    digest.number.iter().chain(&digest.code).map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<SmsCodeDigest> {
    let mut digest = SmsCodeDigest { number: [0; 16], code: [0; 32] };
    (text.len() == 2 * (digest.number.len() + digest.code.len())).then_some(())?;
    let bytes = digest.number.iter_mut().chain(&mut digest.code);
    for (byte, digits) in bytes.zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_kept_as_it_is() {
        let number = std::array::from_fn(|n| u8::try_from(n * 16).unwrap());
        let code = std::array::from_fn(|n| u8::try_from(n * 8).unwrap());
        let kept = unhex(&hex(&SmsCodeDigest { number, code })).unwrap();
        assert_eq!((kept.number, kept.code), (number, code));
        for other in ["", "00", &"0".repeat(95), &"g".repeat(96), &"é".repeat(48)] {
            assert!(unhex(other).is_none(), "{other}");
        }
    }
}
