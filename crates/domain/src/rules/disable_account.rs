//! Disabling an account, and enabling it again.

use super::rows::{AccountRows, RowResult};
use crate::account::AccountId;

/// Whether an account is to be disabled.
pub(super) struct Disabling {
    pub(super) account: AccountId,
    pub(super) disabled: bool,
}

/// Disables or enables an account, and returns whether there is one.
pub(super) async fn disable_account(rows: &mut impl AccountRows, wanted: &Disabling) -> RowResult<bool> {
    if rows.account(wanted.account).await?.is_none() {
        return Ok(false);
    }
    rows.update_disabled(wanted.account, wanted.disabled).await?;
    Ok(true)
}
