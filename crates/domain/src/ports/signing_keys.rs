//! The keys for tokens that the nodes made, which all of them share.

use async_trait::async_trait;

use super::StoreError;
use crate::{signing::SigningAlgorithm, time::Timestamp};

/// A key that a node made, sealed with the server's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSigningKey {
    /// What it signs with.
    pub algorithm: SigningAlgorithm,
    /// Its number among the keys of this algorithm, from 1 on.
    pub generation: u32,
    /// The private key, sealed.
    pub sealed: Vec<u8>,
    /// From when on it signs.
    pub signs_from: Timestamp,
    /// Until when it signs, if the next one is there by then.
    pub signs_until: Timestamp,
    /// Until when it is published.
    pub published_until: Timestamp,
}

/// Keeps the keys for tokens that the nodes made.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SigningKeys: Send + Sync {
    /// Returns the keys, by algorithm and generation.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn signing_keys(&self) -> Result<Vec<StoredSigningKey>, StoreError>;

    /// Adds a key, unless there is one of this generation, and returns the keys as [`SigningKeys::signing_keys`]: of all nodes that
    /// add one at the same moment, one MUST have added its own, and all MUST be told of that one. Removes those of the
    /// algorithm that are published no more at `now`.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn add_signing_key(
        &self,
        key: StoredSigningKey,
        now: Timestamp,
    ) -> Result<Vec<StoredSigningKey>, StoreError>;
}
