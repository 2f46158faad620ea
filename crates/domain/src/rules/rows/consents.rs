//! Rows of consents.

use crate::{account::AccountId, consent::Consent, login::LoginId, time::Timestamp};

use super::RowResult;

/// The row of a consent. A login has one at the most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRow {
    /// The login in which it was given.
    pub login: LoginId,
    /// The account that it belongs to; absent as long as the login has led to none.
    pub account: Option<AccountId>,
    /// To what the person agreed, and when.
    pub consent: Consent,
    /// From when on the row may be removed; absent once it belongs to an account.
    pub prune_at: Option<Timestamp>,
}

/// Operations on rows of consents.
pub trait ConsentRows: Send {
    /// Reads the consent of a login.
    fn consent_of_login(
        &mut self,
        login: LoginId,
    ) -> impl Future<Output = RowResult<Option<ConsentRow>>> + Send;

    /// Lists the consents of an account, the first one first.
    fn consents_of_account(
        &mut self,
        account: AccountId,
    ) -> impl Future<Output = RowResult<Vec<ConsentRow>>> + Send;

    /// Writes a consent; [`Rejected::Raced`](super::Rejected::Raced) where its login has one.
    fn insert_consent(&mut self, row: &ConsentRow) -> impl Future<Output = RowResult<()>> + Send;

    /// Writes a consent in place of the one of its login.
    fn update_consent(&mut self, row: &ConsentRow) -> impl Future<Output = RowResult<()>> + Send;

    /// Removes the consents of an account, and of logins.
    fn delete_consents(
        &mut self,
        account: AccountId,
        logins: &[LoginId],
    ) -> impl Future<Output = RowResult<()>> + Send;
}
