//! What WeChat apps know of the persons of accounts.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    account::{AccountId, Identity, IdentityId},
    time::Timestamp,
    wechat::{AppName, AppProfile},
};

/// WeChat's refresh token of a person, sealed with the server key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRefreshToken {
    /// The sealed token.
    pub sealed: Vec<u8>,
    /// Until when WeChat takes it.
    pub until: Timestamp,
}

/// Which profiles of an account are wanted anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileClaim {
    /// The account.
    pub account: AccountId,
    /// The official accounts, which can ask about their followers at any time.
    pub followers_of: Vec<AppName>,
    /// When they are wanted.
    pub at: Timestamp,
}

/// A profile that is to be read anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueProfile {
    /// Whose it is.
    pub identity: Identity,
    /// Whether the person follows the official account that the app is.
    pub follows: bool,
    /// By what WeChat can be asked, where the person allowed that.
    pub refresh_token: Option<SealedRefreshToken>,
}

/// What WeChat told of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileNews {
    /// Whose identity it is about.
    pub identity: IdentityId,
    /// What it tells of a follower; absent: what was known of that stays.
    pub follower: Option<AppProfile>,
    /// What it tells of a person who authorized the app; absent: what was known of that stays.
    pub authorization: Option<AppProfile>,
    /// The name and the picture; absent ones stay as they are.
    pub nickname: Option<String>,
    /// Where the picture is.
    pub avatar_url: Option<String>,
    /// A new token to ask with; absent: the one of before stays.
    pub refresh_token: Option<SealedRefreshToken>,
    /// When WeChat told it, where it has told all that it would tell for now.
    pub refreshed_at: Option<Timestamp>,
}

/// Keeps what WeChat apps know of persons. Each change is one transaction, and durable once it answers.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AppProfiles: Send + Sync {
    /// Lists what the apps know of an account's persons.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn app_profiles(&self, account: AccountId) -> Result<Vec<(IdentityId, AppProfile)>, StoreError>;

    /// Returns the profiles of an account that were not read for [`PROFILE_READ_EVERY`](crate::rules::PROFILE_READ_EVERY) and can be;
    /// of any number of callers one gets each.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn claim_profiles(&self, claim: ProfileClaim) -> Result<Vec<DueProfile>, StoreError>;

    /// Keeps what WeChat told of a person, and returns the account of which a name or a picture changed. An identity that is not
    /// there any more keeps nothing.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn keep_profile(&self, news: ProfileNews) -> Result<Option<AccountId>, StoreError>;
}
