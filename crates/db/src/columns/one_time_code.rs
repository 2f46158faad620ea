//! Columns of one-time codes.

use diesel::prelude::{Insertable, Queryable, Selectable};
use saoma_domain::{
    ports::CodeHash,
    rules::rows::{OneTimeCodeRow, RowResult},
    time::Timestamp,
};

use super::corrupt;
use crate::schema::one_time_codes;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = one_time_codes)]
pub(crate) struct OneTimeCodeColumns {
    code: Vec<u8>,
    redeemed_by: Vec<u8>,
    prune_at: i64,
}

impl OneTimeCodeColumns {
    pub(crate) fn of(row: &OneTimeCodeRow) -> Self {
        Self {
            code: row.code.as_bytes().to_vec(),
            redeemed_by: row.redeemed_by.as_bytes().to_vec(),
            prune_at: row.prune_at.as_millis(),
        }
    }

    /// Makes the row of the code by which it was found.
    pub(crate) fn into_row(self, code: CodeHash) -> RowResult<OneTimeCodeRow> {
        let redeemed_by = <[u8; 32]>::try_from(self.redeemed_by.as_slice());
        // A code, also as a hash, is not shown.
        let redeemed_by = redeemed_by.map_err(|_| corrupt("one_time_codes", "redeemed_by", "(a code)"))?;
        Ok(OneTimeCodeRow {
            code,
            redeemed_by: CodeHash::from_store(redeemed_by),
            prune_at: Timestamp::from_millis(self.prune_at),
        })
    }
}
