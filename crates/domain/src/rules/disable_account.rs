//! Disabling an account, and enabling it again.

use super::rows::{AccountRows, RowResult};
use crate::account::AccountId;

/// An account to disable, or to enable again.
pub(super) struct AccountToDisable {
    pub(super) account: AccountId,
    pub(super) disabled: bool,
}

/// Disables or enables an account, and returns whether there is one.
pub(super) async fn disable_account(
    rows: &mut impl AccountRows,
    wanted: &AccountToDisable,
) -> RowResult<bool> {
    if rows.account(wanted.account).await?.is_none() {
        return Ok(false);
    }
    rows.update_disabled(wanted.account, wanted.disabled).await?;
    Ok(true)
}
