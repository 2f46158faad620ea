//! Linking an identity to an account: which accounts take it, on which terms, and what is written then.

use super::{
    outbox::tell,
    rows::{AuditRows, IdentityRow, IdentityRows, RowResult},
};
use crate::{
    account::{AccountId, IdentityId},
    event::{Event, EventKind},
    login::LoginId,
    ports::{AuditEntry, AuditKind},
    time::Timestamp,
    wechat::AppName,
};

/// The terms on which an account takes an identity.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    pub(super) account: AccountId,
    /// Until when the identity may not change the ways into the account.
    pub(super) probation_until: Option<Timestamp>,
}

/// A link to write.
pub(super) struct Link {
    pub(super) identity: IdentityId,
    pub(super) app: AppName,
    pub(super) terms: Terms,
    pub(super) login: LoginId,
    pub(super) at: Timestamp,
}

/// Reads the identities of an account without this one.
///
/// Under READ COMMITTED it can be there already, where another transaction has just linked it, and then
/// [`IdentityRows::link_identity`] finds that the race is lost.
pub(super) async fn other_identities(
    rows: &mut impl IdentityRows,
    account: AccountId,
    identity: IdentityId,
) -> RowResult<Vec<IdentityRow>> {
    let mut others = rows.identities_of_account(account).await?;
    others.retain(|row| row.identity.id != identity);
    Ok(others)
}

/// Returns whether an account with these identities takes one of an app: it has one user of an app at the most.
pub(super) fn takes_identity(others: &[IdentityRow], app: &AppName) -> bool {
    others.iter().all(|row| row.identity.app != *app)
}

/// Returns the terms on which an account takes an identity of an app; `None` where it does not take it.
///
/// What joins an account while another identity is on probation is on probation as long: a stranger who came by a
/// number alone would else bring a second identity that is free of it.
pub(super) async fn terms_of_account(
    rows: &mut impl IdentityRows,
    account: AccountId,
    app: &AppName,
    identity: IdentityId,
) -> RowResult<Option<Terms>> {
    let others = other_identities(rows, account, identity).await?;
    let probation_until = others.iter().filter_map(|row| row.probation_until).max();
    Ok(takes_identity(&others, app).then_some(Terms { account, probation_until }))
}

/// Links an identity that has no account.
pub(super) async fn link_identity(rows: &mut (impl IdentityRows + AuditRows), link: &Link) -> RowResult<()> {
    let Terms { account, probation_until } = link.terms;
    rows.link_identity(link.identity, account, link.at, probation_until).await?;
    audit_link(rows, link).await
}

/// Writes an identity that was never seen before, and that is linked from its beginning.
pub(super) async fn insert_linked_identity(
    rows: &mut (impl IdentityRows + AuditRows),
    mut row: IdentityRow,
    link: &Link,
) -> RowResult<()> {
    row.identity.account = Some(link.terms.account);
    (row.linked_at, row.prune_at) = (Some(link.at), None);
    row.probation_until = link.terms.probation_until;
    rows.insert_identity(&row).await?;
    audit_link(rows, link).await
}

async fn audit_link(rows: &mut impl AuditRows, link: &Link) -> RowResult<()> {
    let (account, login) = (link.terms.account, Some(link.login));
    rows.insert_audit(&AuditEntry { at: link.at, kind: AuditKind::IdentityLinked, account, login }).await?;
    let event = Event::of_account(EventKind::IdentityLinked, account, link.at);
    tell(rows, Event { identity: Some(link.identity), app: Some(link.app.clone()), login, ..event }).await
}
