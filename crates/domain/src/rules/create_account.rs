//! Making an account for a person who logs in and has none.

use super::{
    outbox::tell,
    rows::{AccountRow, AccountRows, AuditRows, RowResult},
};
use crate::{
    account::{Account, AccountId, PhoneNumber},
    event::{Event, EventKind},
    login::LoginId,
    ports::{AuditEntry, AuditKind},
    time::Timestamp,
};

/// An account to make.
pub(super) struct NewAccount {
    pub(super) id: AccountId,
    /// Absent where the person logs in without one.
    pub(super) phone: Option<PhoneNumber>,
    /// The login that makes it.
    pub(super) login: LoginId,
    pub(super) at: Timestamp,
}

/// Writes the account and that it was made, and tells those who hear events.
pub(super) async fn create_account(
    rows: &mut (impl AccountRows + AuditRows),
    new: &NewAccount,
) -> RowResult<()> {
    let account = Account::new(new.id, new.phone.clone(), new.at);
    rows.insert_account(&AccountRow::new(account)).await?;
    let (account, login) = (new.id, Some(new.login));
    rows.insert_audit(&AuditEntry { at: new.at, kind: AuditKind::AccountCreated, account, login }).await?;
    let event = Event::of_account(EventKind::AccountCreated, account, new.at);
    tell(rows, Event { login, ..event }).await
}
