//! One-time codes: each is redeemed here before it is used.

use super::StoreError;
use crate::{digest::hash_of_parts, time::Timestamp};
use async_trait::async_trait;

/// What is redeemed, or by which login: a SHA-256, so that no code lies in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeHash([u8; 32]);

impl CodeHash {
    /// Hashes what something is, such as `oauth-code`, and its parts, each preceded by its length.
    pub fn of(what: &str, parts: &[&[u8]]) -> Self {
        Self(hash_of_parts(what, parts))
    }

    /// Makes the hash out of the 32 bytes that a store kept.
    pub const fn from_store(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The result of redeeming a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redemption {
    /// The code had not been redeemed.
    First,
    /// The same caller had redeemed it.
    Again,
    /// Another caller had redeemed it.
    ByAnother,
}

/// Lets one of any number of callers have a code that may be used once.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait OneTimeCodes: Send + Sync {
    /// Redeems a code for a caller. The store remembers that until `until` at least, and at the most
    /// [`REDEEMED_CODE_KEPT_LONGER`](crate::rules::REDEEMED_CODE_KEPT_LONGER) beyond it.
    ///
    /// MUST be a compare-and-set that is durable when it answers: with any number of callers at once on any
    /// number of nodes, one of them is the first, for good. SHOULD write only for the first one: a caller may repeat
    /// a redemption without end.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed; the caller MUST NOT use the code then.
    async fn redeem(&self, code: CodeHash, by: CodeHash, until: Timestamp) -> Result<Redemption, StoreError>;
}
