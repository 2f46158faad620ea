//! What WeChat apps know of persons is read anew once a day at the most, by one node.

use std::time::Duration;

use super::rows::{AppProfileRow, AppProfileRows, IdentityChange, IdentityRow, IdentityRows, RowResult};
use crate::{
    account::{AccountId, IdentityId},
    ports::{DueProfile, ProfileClaim, ProfileNews},
    time::Timestamp,
    wechat::AppProfile,
};

/// How long a profile is good. One that could not be read is tried again after that, too.
pub const PROFILE_READ_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// When a profile was read that never was.
const NEVER: Timestamp = Timestamp::from_millis(0);

/// Lists what the apps know of an account's persons.
pub(super) async fn list_app_profiles(
    rows: &mut impl AppProfileRows,
    account: AccountId,
) -> RowResult<Vec<(IdentityId, AppProfile)>> {
    let known = rows.app_profiles_of_account(account).await?;
    Ok(known.into_iter().map(|row| (row.identity, row.profile)).collect())
}

/// Takes the profiles that are due, and marks them as read.
pub(super) async fn claim_profiles(
    rows: &mut (impl IdentityRows + AppProfileRows),
    claim: &ProfileClaim,
) -> RowResult<Vec<DueProfile>> {
    let known = rows.app_profiles_of_account(claim.account).await?;
    let mut due = Vec::new();
    for IdentityRow { identity, .. } in rows.identities_of_account(claim.account).await? {
        let row = known.iter().find(|row| row.identity == identity.id).cloned();
        let is_known = row.is_some();
        let mut row = row.unwrap_or_else(|| never_read(identity.id));
        let (read_at, at) = (row.refreshed_at, claim.at);
        row.refresh_token = row.refresh_token.filter(|token| at < token.until);
        let follows = identity.unsubscribed_at.is_none() && claim.followers_of.contains(&identity.app);
        if at < read_at.plus(PROFILE_READ_EVERY) || !(follows || row.refresh_token.is_some()) {
            continue;
        }
        row.refreshed_at = at;
        if is_known {
            rows.update_app_profile(&row, read_at).await?;
        } else {
            rows.insert_app_profile(&row).await?;
        }
        due.push(DueProfile { identity, follows, refresh_token: row.refresh_token });
    }
    Ok(due)
}

/// Keeps what WeChat told of a person; returns the account whose name or picture changed.
pub(super) async fn keep_profile(
    rows: &mut (impl IdentityRows + AppProfileRows),
    news: &ProfileNews,
) -> RowResult<Option<AccountId>> {
    let Some(IdentityRow { identity, .. }) = rows.identity(news.identity).await? else { return Ok(None) };
    let known = rows.app_profile(identity.id).await?;
    let read_at = known.as_ref().map(|row| row.refreshed_at);
    let known = known.unwrap_or_else(|| never_read(identity.id));
    let mut profile = known.profile;
    if let Some(told) = news.follower.clone() {
        profile = profile.with_follower(told);
    }
    if let Some(told) = news.authorization.clone() {
        profile = profile.with_authorization(told);
    }
    let row = AppProfileRow {
        identity: identity.id,
        profile,
        refreshed_at: news.refreshed_at.unwrap_or(known.refreshed_at),
        refresh_token: news.refresh_token.clone().or(known.refresh_token),
    };
    match read_at {
        Some(read_at) => rows.update_app_profile(&row, read_at).await?,
        None => rows.insert_app_profile(&row).await?,
    }
    let new = |told: &Option<String>, known: &Option<String>| told.clone().filter(|_| told != known);
    let change = IdentityChange {
        nickname: new(&news.nickname, &identity.profile.nickname),
        avatar_url: new(&news.avatar_url, &identity.profile.avatar_url),
        ..IdentityChange::default()
    };
    if change == IdentityChange::default() {
        return Ok(None);
    }
    rows.update_identity(identity.id, &change).await?;
    Ok(identity.account)
}

fn never_read(identity: IdentityId) -> AppProfileRow {
    AppProfileRow { identity, profile: AppProfile::default(), refreshed_at: NEVER, refresh_token: None }
}
