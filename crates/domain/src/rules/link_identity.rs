//! Linking an identity to an account: which accounts take it, and what is written then.

use super::rows::{AuditRows, IdentityRow, IdentityRows, RowResult};
use crate::{
    account::{AccountId, IdentityId},
    login::LoginId,
    ports::{AuditEntry, AuditKind},
    time::Timestamp,
    wechat::AppName,
};

/// A link to write.
pub(super) struct Link {
    pub(super) identity: IdentityId,
    pub(super) account: AccountId,
    pub(super) login: LoginId,
    pub(super) at: Timestamp,
}

/// Returns whether an account takes an identity: it has one user of an app at the most.
///
/// The identity itself is not counted. Under READ COMMITTED it can be there already, where another transaction has
/// just linked it, and then [`IdentityRows::link_identity`] finds that the race is lost.
pub(super) async fn takes_identity(
    rows: &mut impl IdentityRows,
    account: AccountId,
    app: &AppName,
    identity: IdentityId,
) -> RowResult<bool> {
    Ok(!rows.has_other_identity_of_app(account, app, identity).await?)
}

/// Links an identity that has no account.
pub(super) async fn link_identity(rows: &mut (impl IdentityRows + AuditRows), link: &Link) -> RowResult<()> {
    rows.link_identity(link.identity, link.account, link.at).await?;
    audit_link(rows, link).await
}

/// Writes an identity that was never seen before, and that is linked from its beginning.
pub(super) async fn insert_linked_identity(
    rows: &mut (impl IdentityRows + AuditRows),
    mut row: IdentityRow,
    link: &Link,
) -> RowResult<()> {
    row.identity.account = Some(link.account);
    (row.linked_at, row.prune_at) = (Some(link.at), None);
    rows.insert_identity(&row).await?;
    audit_link(rows, link).await
}

async fn audit_link(rows: &mut impl AuditRows, link: &Link) -> RowResult<()> {
    let (account, login) = (link.account, Some(link.login));
    rows.insert_audit(&AuditEntry { at: link.at, kind: AuditKind::IdentityLinked, account, login }).await
}
