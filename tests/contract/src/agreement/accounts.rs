//! Operations on accounts.

use proptest::prelude::*;
use saoma_domain::{
    account::{Account, AccountId, PhoneNumber},
    rules::rows::{AccountRow, AccountRows, RowResult},
    time::Timestamp,
};

use super::{
    answer::Answer,
    operation::Operation,
    pool::{LINKED, account, moment, phone},
};
use crate::values::at;

/// The numbers of accounts: of those that are there from the beginning, and of others.
const ACCOUNTS: std::ops::Range<u64> = 0..LINKED + 2;

/// The numbers of phone numbers.
const PHONES: std::ops::Range<u64> = 0..LINKED + 2;

#[derive(Clone, Debug)]
pub(super) enum AccountOperation {
    Read(AccountId),
    ReadForUpdate(AccountId),
    Hold(AccountId),
    FindByPhone(PhoneNumber),
    Insert(AccountRow),
    UpdatePhone(AccountId, PhoneNumber),
    UpdateDisabled(AccountId, bool),
    UpdateLastSeenAt(AccountId, Timestamp),
    RaiseSessionsEndedAt(AccountId, Timestamp),
}

impl AccountOperation {
    pub(super) async fn apply(&self, rows: &mut impl AccountRows) -> RowResult<Answer> {
        Ok(match self {
            Self::Read(id) => Answer::Account(rows.account(*id).await?),
            Self::ReadForUpdate(id) => Answer::Account(rows.account_for_update(*id).await?),
            Self::Hold(id) => rows.hold_account(*id).await?.into(),
            Self::FindByPhone(phone) => Answer::Account(rows.account_with_phone(phone).await?),
            Self::Insert(row) => rows.insert_account(row).await?.into(),
            Self::UpdatePhone(id, phone) => rows.update_phone(*id, phone).await?.into(),
            Self::UpdateDisabled(id, disabled) => rows.update_disabled(*id, *disabled).await?.into(),
            Self::UpdateLastSeenAt(id, at) => rows.update_last_seen_at(*id, *at).await?.into(),
            Self::RaiseSessionsEndedAt(id, at) => rows.raise_sessions_ended_at(*id, *at).await?.into(),
        })
    }

    pub(super) fn any() -> impl Strategy<Value = Self> {
        let id = || ACCOUNTS.prop_map(account);
        prop_oneof![
            id().prop_map(Self::Read),
            id().prop_map(Self::ReadForUpdate),
            id().prop_map(Self::Hold),
            PHONES.prop_map(|number| Self::FindByPhone(phone(number))),
            (ACCOUNTS, PHONES, moment()).prop_map(|(number, of, at)| Self::Insert(row(number, of, at))),
            (id(), PHONES).prop_map(|(id, number)| Self::UpdatePhone(id, phone(number))),
            (id(), any::<bool>()).prop_map(|(id, disabled)| Self::UpdateDisabled(id, disabled)),
            (id(), moment()).prop_map(|(id, at)| Self::UpdateLastSeenAt(id, at)),
            (id(), moment()).prop_map(|(id, at)| Self::RaiseSessionsEndedAt(id, at)),
        ]
    }

    pub(super) fn reads() -> Vec<Self> {
        let accounts = ACCOUNTS.map(|number| Self::Read(account(number)));
        accounts.chain(PHONES.map(|number| Self::FindByPhone(phone(number)))).collect()
    }
}

/// Makes the accounts to which identities can be linked.
pub(super) fn at_the_beginning() -> Vec<Operation> {
    let insert = |number| Operation::Account(AccountOperation::Insert(row(number, number, at(0))));
    (0..LINKED).map(insert).collect()
}

fn row(number: u64, phone_number: u64, created_at: Timestamp) -> AccountRow {
    let account = Account::new(account(number), Some(phone(phone_number)), created_at);
    AccountRow::new(account)
}
