//! What WeChat apps know of persons.

use async_trait::async_trait;

use crate::{
    account::{AccountId, IdentityId},
    ports::{AppProfiles, DueProfile, ProfileClaim, ProfileNews, StoreError},
    rules::{
        app_profiles::{claim_profiles, keep_profile, list_app_profiles},
        transactions::Transactions,
    },
    wechat::AppProfile,
};

#[async_trait]
impl<X: Transactions> AppProfiles for X {
    async fn app_profiles(&self, account: AccountId) -> Result<Vec<(IdentityId, AppProfile)>, StoreError> {
        self.read(account, |rows, account| Box::pin(list_app_profiles(rows, *account))).await
    }

    async fn claim_profiles(&self, claim: ProfileClaim) -> Result<Vec<DueProfile>, StoreError> {
        self.run(claim, |rows, claim| Box::pin(claim_profiles(rows, claim))).await
    }

    async fn keep_profile(&self, news: ProfileNews) -> Result<Option<AccountId>, StoreError> {
        self.run(news, |rows, news| Box::pin(keep_profile(rows, news))).await
    }
}
