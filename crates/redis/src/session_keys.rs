//! The sealed session keys of mini programs.

use async_trait::async_trait;
use redis::Value;
use saoma_domain::{
    login::LoginId,
    ports::{SessionKeys, StoreError},
    time::Timestamp,
};

use crate::{connection::Request, retention, store::RedisStore};

/// The format, which an entry begins with. An entry of another format counts as absent.
const FORMAT: u8 = b'1';

#[async_trait]
impl SessionKeys for RedisStore {
    async fn put(&self, login: LoginId, sealed: Vec<u8>, until: Timestamp) -> Result<(), StoreError> {
        let kept_for = retention::with_margin(until, self.now());
        let request = Request::command("SET").arg(self.keys.session_key(login)).arg(entry(&sealed, until));
        self.connection.ask::<Value>(&request.arg("PX").arg(kept_for)).await.map(drop)
    }

    async fn find(&self, login: LoginId, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        let request = Request::command("GET").arg(self.keys.session_key(login));
        let stored: Option<Vec<u8>> = self.connection.ask(&request).await?;
        let Some((until, sealed)) = stored.as_deref().and_then(parts) else { return Ok(None) };
        Ok((now < until).then(|| sealed.to_vec()))
    }

    async fn forget(&self, login: LoginId) -> Result<(), StoreError> {
        let request = Request::command("DEL").arg(self.keys.session_key(login));
        self.connection.ask::<Value>(&request).await.map(drop)
    }
}

/// Writes the format, the deadline in 8 bytes, and the sealed key.
fn entry(sealed: &[u8], until: Timestamp) -> Vec<u8> {
    let mut entry = Vec::with_capacity(1 + size_of::<i64>() + sealed.len());
    entry.push(FORMAT);
    entry.extend(until.as_millis().to_be_bytes());
    entry.extend(sealed);
    entry
}

fn parts(entry: &[u8]) -> Option<(Timestamp, &[u8])> {
    let rest = entry.strip_prefix(&[FORMAT])?;
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
