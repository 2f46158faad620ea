//! Changing an account's phone number: one number, one account.

use super::{
    corrupt::corrupt,
    rows::{AccountRows, AuditRows, RowResult},
};
use crate::{
    account::{AccountId, VerifiedPhone},
    ports::{AuditEntry, AuditKind, PhoneChanged},
    time::Timestamp,
};

/// A number to give to an account.
pub(super) struct PhoneChange {
    pub(super) account: AccountId,
    pub(super) phone: VerifiedPhone,
    pub(super) at: Timestamp,
}

/// Gives an account another number, unless another account has it.
pub(super) async fn change_phone(
    rows: &mut (impl AccountRows + AuditRows),
    change: &PhoneChange,
) -> RowResult<PhoneChanged> {
    let (id, phone) = (change.account, change.phone.number());
    let row = rows.account_for_update(id).await?.ok_or_else(|| corrupt("accounts.id", id))?;
    if row.account.phone == *phone {
        return Ok(PhoneChanged::Done);
    }
    if rows.account_with_phone(phone).await?.is_some() {
        return Ok(PhoneChanged::Taken);
    }
    rows.update_phone(id, phone).await?;
    let entry = AuditEntry { at: change.at, kind: AuditKind::PhoneChanged, account: id, login: None };
    rows.insert_audit(&entry).await?;
    Ok(PhoneChanged::Done)
}
