//! Rows of what WeChat apps know of persons.

use crate::{
    account::{AccountId, IdentityId},
    ports::SealedRefreshToken,
    time::Timestamp,
    wechat::AppProfile,
};

use super::RowResult;

/// What an app knows of the person of an identity. It goes with the identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppProfileRow {
    /// The identity.
    pub identity: IdentityId,
    /// What is known.
    pub profile: AppProfile,
    /// When it was read the last time, or claimed to be; the beginning of time where it never was.
    pub refreshed_at: Timestamp,
    /// By what WeChat can be asked again.
    pub refresh_token: Option<SealedRefreshToken>,
}

/// Operations on rows of what WeChat apps know of persons.
pub trait AppProfileRows: Send {
    /// Reads the row of an identity.
    fn app_profile(
        &mut self,
        identity: IdentityId,
    ) -> impl Future<Output = RowResult<Option<AppProfileRow>>> + Send;

    /// Lists the rows of the identities that are linked to an account, by identity.
    fn app_profiles_of_account(
        &mut self,
        account: AccountId,
    ) -> impl Future<Output = RowResult<Vec<AppProfileRow>>> + Send;

    /// Writes a new row; [`Rejected::Raced`](super::Rejected::Raced) where the identity has one.
    fn insert_app_profile(&mut self, row: &AppProfileRow) -> impl Future<Output = RowResult<()>> + Send;

    /// Writes a row in place of one that was read at a moment; [`Rejected::Raced`](super::Rejected::Raced) where it was
    /// read anew since.
    fn update_app_profile(
        &mut self,
        row: &AppProfileRow,
        read_refreshed_at: Timestamp,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Removes the row of an identity.
    fn delete_app_profile(&mut self, identity: IdentityId) -> impl Future<Output = RowResult<()>> + Send;
}
