//! What may be used once.

use std::collections::hash_map::Entry;

use async_trait::async_trait;
use saoma_domain::{
    ports::{CodeHash, OneTimeCodes, Redemption, StoreError},
    time::Timestamp,
};

use super::{MemoryLedger, state::ClaimRow};

#[async_trait]
impl OneTimeCodes for MemoryLedger {
    async fn redeem(&self, what: CodeHash, by: CodeHash, until: Timestamp) -> Result<Redemption, StoreError> {
        Ok(match self.begin()?.one_time_codes.entry(what) {
            Entry::Vacant(vacant) => {
                vacant.insert(ClaimRow { by, until });
                Redemption::First
            }
            Entry::Occupied(mut row) if row.get().by == by => {
                let row = row.get_mut();
                row.until = row.until.max(until);
                Redemption::Again
            }
            Entry::Occupied(_) => Redemption::ByAnother,
        })
    }
}
