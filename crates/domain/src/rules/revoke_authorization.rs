//! Revoking: a person took back in WeChat what they allowed an app to know. The link to the account ends, whether it is
//! the last one or not, and so do the sessions that came from it.

use super::{
    outbox::tell,
    release_identity::{Release, release_identity},
    rows::{
        AccountRows, AppProfileRows, AuditRows, IdentityRow, IdentityRows, Rejected, RowResult, SessionRows,
    },
};
use crate::{
    account::AccountId,
    event::{Event, EventKind},
    ports::{Revocation, Revoked},
    time::Timestamp,
};

/// Forgets what an app was told of a person, and takes their identity from its account unless only the profile changed.
/// A revocation that is older than the link concerns an earlier one, and leaves this one alone.
pub(super) async fn revoke_authorization(
    rows: &mut (impl AccountRows + IdentityRows + SessionRows + AuditRows + AppProfileRows),
    revocation: &Revocation,
) -> RowResult<Option<Revoked>> {
    let Some(row) = rows.identity_of(&revocation.app, &revocation.openid).await? else { return Ok(None) };
    let profile = &row.identity.profile;
    if profile.nickname.is_some() || profile.avatar_url.is_some() {
        rows.forget_profile(row.identity.id).await?;
    }
    rows.delete_app_profile(row.identity.id).await?;
    let account = row.identity.account;
    if !revocation.profile_only {
        tell(rows, event(EventKind::IdentityRevoked, &row, account, revocation.at)).await?;
    }
    let ended = match account.filter(|_| !revocation.profile_only && is_older(&row, revocation.at)) {
        Some(account) => {
            if rows.account_for_update(account).await?.is_none() {
                return Err(Rejected::Raced);
            }
            let release = Release { account, login: None, at: revocation.at };
            release_identity(rows, &row, release).await?
        }
        None => Vec::new(),
    };
    Ok(Some(Revoked { account, ended }))
}

fn event(kind: EventKind, row: &IdentityRow, account: Option<AccountId>, at: Timestamp) -> Event {
    let identity = &row.identity;
    Event { account, identity: Some(identity.id), app: Some(identity.app.clone()), ..Event::new(kind, at) }
}

fn is_older(row: &IdentityRow, at: Timestamp) -> bool {
    row.linked_at.is_none_or(|linked_at| linked_at <= at)
}
