//! Redeeming a one-time code: one caller of any number is the first, for good.

use std::time::Duration;

use async_trait::async_trait;

use super::{
    rows::{OneTimeCodeRow, OneTimeCodeRows, RowResult},
    transactions::Transactions,
};
use crate::{
    ports::{CodeHash, OneTimeCodes, Redemption, StoreError},
    time::Timestamp,
};

/// How much longer than asked for a redeemed code is kept: the same caller who redeems it again within that time
/// has nothing to write.
pub const REDEEMED_CODE_KEPT_LONGER: Duration = Duration::from_secs(60 * 60);

/// A code to redeem.
struct CodeToRedeem {
    code: CodeHash,
    by: CodeHash,
    until: Timestamp,
}

#[async_trait]
impl<X: Transactions> OneTimeCodes for X {
    async fn redeem(&self, code: CodeHash, by: CodeHash, until: Timestamp) -> Result<Redemption, StoreError> {
        let wanted = CodeToRedeem { code, by, until };
        // A read comes first, since only the first caller has something to write.
        let row = self.read(code, |rows, code| Box::pin(rows.one_time_code(*code))).await?;
        match row.and_then(|row| wanted.settled_by(&row)) {
            Some(redemption) => Ok(redemption),
            None => self.run(wanted, |rows, wanted| Box::pin(redeem_code(rows, wanted))).await,
        }
    }
}

impl CodeToRedeem {
    /// Returns what a row says of the redemption, unless the row has to be kept longer.
    fn settled_by(&self, row: &OneTimeCodeRow) -> Option<Redemption> {
        if row.redeemed_by != self.by {
            return Some(Redemption::ByAnother);
        }
        (row.prune_at >= self.until).then_some(Redemption::Again)
    }
}

/// Redeems a code that has no row.
///
/// A caller who is told an error may have been the first all the same. The next call tells them `Again`, so no
/// caller is ever the first twice.
async fn redeem_code(rows: &mut impl OneTimeCodeRows, wanted: &CodeToRedeem) -> RowResult<Redemption> {
    let prune_at = wanted.until.plus(REDEEMED_CODE_KEPT_LONGER);
    let Some(row) = rows.one_time_code(wanted.code).await? else {
        let row = OneTimeCodeRow { code: wanted.code, redeemed_by: wanted.by, prune_at };
        rows.insert_one_time_code(&row).await?;
        return Ok(Redemption::First);
    };
    if let Some(redemption) = wanted.settled_by(&row) {
        return Ok(redemption);
    }
    rows.keep_one_time_code(wanted.code, prune_at).await?;
    Ok(Redemption::Again)
}
