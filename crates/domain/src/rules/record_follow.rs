//! Recording whether a person follows an official account.

use super::{
    outbox::tell,
    rows::{AuditRows, IdentityRows, RowResult},
};
use crate::{
    account::AccountId,
    event::{Event, EventKind},
    ports::{AuditEntry, AuditKind, FollowChange},
};

/// Marks a person who stops following, or takes the mark away, and returns their account. A person who was never
/// seen is not written down. News come in any order: an older subscription than the mark changes nothing.
pub(super) async fn record_follow(
    rows: &mut (impl IdentityRows + AuditRows),
    change: &FollowChange,
) -> RowResult<Option<AccountId>> {
    let Some(row) = rows.identity_of(&change.app, &change.openid).await? else { return Ok(None) };
    let (identity, at) = (row.identity, change.at);
    let event = |kind| {
        let (account, app) = (identity.account, Some(identity.app.clone()));
        Event { account, identity: Some(identity.id), app, ..Event::new(kind, at) }
    };
    match (identity.unsubscribed_at, change.subscribed) {
        (Some(since), true) if since <= at => {
            rows.update_unsubscribed_at(identity.id, None).await?;
            tell(rows, event(EventKind::IdentityFollowed)).await?;
        }
        (None, false) => {
            rows.update_unsubscribed_at(identity.id, Some(at)).await?;
            if let Some(account) = identity.account {
                let entry = AuditEntry { at, kind: AuditKind::Unfollowed, account, login: None };
                rows.insert_audit(&entry).await?;
            }
            tell(rows, event(EventKind::IdentityUnfollowed)).await?;
        }
        (Some(_), _) | (None, true) => {}
    }
    Ok(identity.account)
}
