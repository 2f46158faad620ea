//! An access token and its times.

use std::time::Duration;

use saoma_domain::time::Timestamp;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};

/// WeChat accepts the old and the new token together for this long around a change.
const REFRESH_EARLY: Duration = Duration::from_secs(300);

/// An access token of an app, with its times by this process's clock.
#[derive(Clone, Debug)]
pub(super) struct AccessToken {
    value: SecretString,
    pub(super) refresh_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

impl AccessToken {
    /// Makes a token that WeChat issued for a lifetime, and that is to be refreshed five minutes before its
    /// end or after half of a shorter lifetime.
    pub(super) fn issued(value: SecretString, at: Timestamp, lifetime: Duration) -> Self {
        let expires_at = at.plus(lifetime);
        Self { value, refresh_at: expires_at.minus(REFRESH_EARLY.min(lifetime / 2)), expires_at }
    }

    /// Writes the token with its times in front, 8 bytes each.
    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let times = [self.refresh_at, self.expires_at].map(|time| time.as_millis().to_be_bytes());
        Zeroizing::new([times.as_flattened(), self.expose().as_bytes()].concat())
    }

    /// Reads what [`Self::to_bytes`] wrote; `None` for anything else.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (refresh_at, bytes) = bytes.split_first_chunk()?;
        let (expires_at, value) = bytes.split_first_chunk()?;
        let [refresh_at, expires_at] =
            [refresh_at, expires_at].map(|time| Timestamp::from_millis(i64::from_be_bytes(*time)));
        let value = std::str::from_utf8(value).ok().filter(|value| !value.is_empty())?;
        Some(Self { value: value.into(), refresh_at, expires_at })
    }

    pub(super) fn expose(&self) -> &str {
        self.value.expose_secret()
    }

    pub(super) fn is_the_same(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written() {
        let token =
            AccessToken::issued("57_abc".into(), Timestamp::from_millis(-1), Duration::from_secs(7200));
        let bytes = token.to_bytes();
        let read = AccessToken::from_bytes(&bytes).unwrap();
        assert!(read.is_the_same(&token));
        assert_eq!((read.refresh_at, read.expires_at), (token.refresh_at, token.expires_at));
        for other in [&bytes[..15], &bytes[..16], &[bytes.as_slice(), b"\xff"].concat()] {
            assert!(AccessToken::from_bytes(other).is_none(), "{other:?}");
        }
    }

    #[test]
    fn a_token_is_refreshed_five_minutes_before_its_end_or_after_half_of_a_short_life() {
        let refresh_after = |lifetime| {
            let issued =
                AccessToken::issued("57_abc".into(), Timestamp::default(), Duration::from_secs(lifetime));
            issued.refresh_at.as_secs()
        };
        assert_eq!(refresh_after(7200), 6900);
        assert_eq!(refresh_after(600), 300);
        assert_eq!(refresh_after(100), 50);
    }
}
