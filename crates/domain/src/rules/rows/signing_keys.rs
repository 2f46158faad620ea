//! Rows of keys that sign tokens.

use super::RowResult;
use crate::{ports::StoredSigningKey, signing::SigningAlgorithm};

/// The row of a key.
pub type SigningKeyRow = StoredSigningKey;

/// Operations on rows of keys.
pub trait SigningKeyRows: Send {
    /// Lists all keys, by algorithm and generation.
    fn signing_keys(&mut self) -> impl Future<Output = RowResult<Vec<SigningKeyRow>>> + Send;

    /// Writes a key; [`Rejected::Raced`](super::Rejected::Raced) where the algorithm has one of this generation.
    fn insert_signing_key(&mut self, row: &SigningKeyRow) -> impl Future<Output = RowResult<()>> + Send;

    /// Removes a key.
    fn delete_signing_key(
        &mut self,
        algorithm: SigningAlgorithm,
        generation: u32,
    ) -> impl Future<Output = RowResult<()>> + Send;
}
