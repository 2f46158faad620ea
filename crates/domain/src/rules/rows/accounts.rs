//! Rows of accounts.

use crate::{
    account::{Account, AccountId, Conflict, PhoneNumber},
    time::Timestamp,
};

use super::{IdentityRow, RowResult};

/// The row of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// The account.
    pub account: Account,
    /// When all its sessions were ended last: a login that was registered until then issues none any more.
    pub sessions_ended_at: Option<Timestamp>,
    /// When its person logged in last, give or take a day.
    pub last_seen_at: Timestamp,
    /// Why an operator has shut it; only then.
    pub disabled_reason: Option<String>,
}

impl AccountRow {
    /// Makes the row of an account that was made now.
    pub fn new(account: Account) -> Self {
        let last_seen_at = account.created_at;
        Self { account, sessions_ended_at: None, last_seen_at, disabled_reason: None }
    }
}

/// An account with the identities that are linked to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountWithIdentities {
    /// The account.
    pub account: AccountRow,
    /// Its identities, the first seen first.
    pub identities: Vec<IdentityRow>,
    /// Those of them whose unionid (within the same open-platform account) an identity of another account has too,
    /// each with that account: the first seen first, then the oldest account.
    pub conflicts: Vec<Conflict>,
}

/// Operations on rows of accounts.
pub trait AccountRows: Send {
    /// Reads an account.
    fn account(&mut self, id: AccountId) -> impl Future<Output = RowResult<Option<AccountRow>>> + Send;

    /// Reads an account and holds its row until the transaction ends.
    fn account_for_update(
        &mut self,
        id: AccountId,
    ) -> impl Future<Output = RowResult<Option<AccountRow>>> + Send;

    /// Holds the row of an account, if there is one, until the transaction ends; what is read after that is as the
    /// transactions left it that held the row before.
    fn hold_account(&mut self, id: AccountId) -> impl Future<Output = RowResult<()>> + Send;

    /// Finds the account that has a phone number.
    fn account_with_phone(
        &mut self,
        phone: &PhoneNumber,
    ) -> impl Future<Output = RowResult<Option<AccountRow>>> + Send;

    /// Writes a new account; [`Rejected::Raced`](super::Rejected::Raced) where another one has its number.
    fn insert_account(&mut self, row: &AccountRow) -> impl Future<Output = RowResult<()>> + Send;

    /// Writes an account's phone number; [`Rejected::Raced`](super::Rejected::Raced) where another account has it.
    fn update_phone(
        &mut self,
        id: AccountId,
        phone: &PhoneNumber,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Writes whether an account is disabled.
    fn update_disabled(
        &mut self,
        id: AccountId,
        disabled: bool,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Writes when an account's person logged in last.
    fn update_last_seen_at(
        &mut self,
        id: AccountId,
        at: Timestamp,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Moves [`AccountRow::sessions_ended_at`] forward to a moment; never back.
    fn raise_sessions_ended_at(
        &mut self,
        id: AccountId,
        at: Timestamp,
    ) -> impl Future<Output = RowResult<()>> + Send;
}
