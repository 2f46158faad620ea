//! Rows of keys that sign tokens.

use saoma_domain::{
    rules::rows::{RowResult, SigningKeyRow, SigningKeyRows},
    signing::SigningAlgorithm,
};

use super::{MemoryRows, unless_raced};

impl SigningKeyRows for MemoryRows<'_> {
    async fn signing_keys(&mut self) -> RowResult<Vec<SigningKeyRow>> {
        Ok(self.tables().signing_keys.rows().cloned().collect())
    }

    async fn insert_signing_key(&mut self, row: &SigningKeyRow) -> RowResult<()> {
        unless_raced(self.tables().signing_keys.insert((row.algorithm, row.generation), row.clone()))
    }

    async fn delete_signing_key(&mut self, algorithm: SigningAlgorithm, generation: u32) -> RowResult<()> {
        self.tables().signing_keys.remove(&(algorithm, generation));
        Ok(())
    }
}
