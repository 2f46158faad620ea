//! The sealed session keys of mini programs.

use async_trait::async_trait;
use redis::Value;
use saoma_domain::{
    login::LoginId,
    ports::{SessionKeys, StoreError},
    time::Timestamp,
};

use crate::{
    link::Request,
    store::{RedisStore, kept_for},
};

/// What an entry begins with, so that one written by a later version in another way is not misread.
const VERSION: u8 = b'1';

#[async_trait]
impl SessionKeys for RedisStore {
    async fn put(&self, login: LoginId, sealed: Vec<u8>, until: Timestamp) -> Result<(), StoreError> {
        let kept_for = kept_for(until, self.inner.clock.now());
        let request = Request::command("SET").arg(self.key_of_session_key(login)).arg(entry(&sealed, until));
        self.inner.wire.ask::<Value>(&request.arg("PX").arg(kept_for)).await?;
        Ok(())
    }

    async fn find(&self, login: LoginId, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        let request = Request::command("GET").arg(self.key_of_session_key(login));
        let kept: Option<Vec<u8>> = self.inner.wire.ask(&request).await?;
        let Some((until, sealed)) = kept.as_deref().and_then(parts) else { return Ok(None) };
        Ok((now < until).then(|| sealed.to_vec()))
    }

    async fn forget(&self, login: LoginId) -> Result<(), StoreError> {
        let request = Request::command("DEL").arg(self.key_of_session_key(login));
        self.inner.wire.ask::<Value>(&request).await?;
        Ok(())
    }
}

impl RedisStore {
    fn key_of_session_key(&self, login: LoginId) -> String {
        format!("{}:key", self.inner.key_of(login))
    }
}

/// Writes the version, the deadline in 8 bytes, and the sealed key.
fn entry(sealed: &[u8], until: Timestamp) -> Vec<u8> {
    let mut entry = Vec::with_capacity(1 + size_of::<i64>() + sealed.len());
    entry.push(VERSION);
    entry.extend(until.as_millis().to_be_bytes());
    entry.extend(sealed);
    entry
}

fn parts(entry: &[u8]) -> Option<(Timestamp, &[u8])> {
    let rest = entry.strip_prefix(&[VERSION])?;
    let (until, sealed) = rest.split_first_chunk()?;
    Some((Timestamp::from_millis(i64::from_be_bytes(*until)), sealed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        let until = Timestamp::from_millis(1_763_610_000_123);
        for sealed in [b"".as_slice(), b"sealed", &[0xff; 300]] {
            assert_eq!(parts(&entry(sealed, until)), Some((until, sealed)));
        }
        for other in [b"".as_slice(), b"1", b"11234567", b"212345678sealed"] {
            assert_eq!(parts(other), None);
        }
    }
}
