//! Changing an account's phone number: one number, one account.

use super::{
    corrupt::corrupt,
    probation::is_on_probation,
    rows::{AccountRows, AuditRows, IdentityRows, LoginRows, RowResult},
};
use crate::ports::{AuditEntry, AuditKind, PhoneChange, PhoneChanged};

/// Gives an account another number, unless another account has it or the identity that asks is on probation.
pub(super) async fn change_phone(
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + AuditRows),
    change: &PhoneChange,
) -> RowResult<PhoneChanged> {
    let (id, phone) = (change.account, change.phone.number());
    let row = rows.account_for_update(id).await?.ok_or_else(|| corrupt("accounts.id", id))?;
    if row.account.phone.as_ref() == Some(phone) {
        return Ok(PhoneChanged::Done);
    }
    if is_on_probation(rows, change.asked_by, change.at).await? {
        return Ok(PhoneChanged::OnProbation);
    }
    if rows.account_with_phone(phone).await?.is_some() {
        return Ok(PhoneChanged::Taken);
    }
    rows.update_phone(id, phone).await?;
    let entry = AuditEntry { at: change.at, kind: AuditKind::PhoneChanged, account: id, login: None };
    rows.insert_audit(&entry).await?;
    Ok(PhoneChanged::Done)
}
