//! What may be used once.

use std::collections::hash_map::Entry;

use async_trait::async_trait;
use saoma_domain::{
    ports::{Claim, ClaimHash, Claims, StoreError},
    time::Timestamp,
};

use super::{MemoryLedger, state::ClaimRow};

#[async_trait]
impl Claims for MemoryLedger {
    async fn claim(&self, what: ClaimHash, by: ClaimHash, until: Timestamp) -> Result<Claim, StoreError> {
        Ok(match self.begin()?.claims.entry(what) {
            Entry::Vacant(vacant) => {
                vacant.insert(ClaimRow { by, until });
                Claim::First
            }
            Entry::Occupied(mut row) if row.get().by == by => {
                let row = row.get_mut();
                row.until = row.until.max(until);
                Claim::Again
            }
            Entry::Occupied(_) => Claim::ByAnother,
        })
    }
}
