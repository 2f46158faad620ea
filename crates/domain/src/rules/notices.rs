//! Notices: an account's persons are told that a number alone added another identity to it.

use std::time::Duration;

use super::rows::{IdentityChange, IdentityRow, IdentityRows, RowResult};
use crate::{
    account::{AccountId, Identity, IdentityId},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

/// How long a notice waits for its person to write or to scan.
const WAITS_FOR: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// How long a notice is repeated once it was told: WeChat sends an event again where the reply was lost, and the
/// repetition has to get the same reply.
const REPEATED_FOR: Duration = Duration::from_secs(60);

/// Lets the persons of an account's other identities be told of one that came by the number alone.
pub(super) async fn add_notices(
    rows: &mut impl IdentityRows,
    account: AccountId,
    newcomer: IdentityId,
    at: Timestamp,
) -> RowResult<()> {
    rows.add_notices(account, newcomer, at.plus(WAITS_FOR)).await
}

/// Returns whether a notice waits for the person of an identity.
pub(super) fn has_notice(row: &IdentityRow, at: Timestamp) -> bool {
    row.notice_until.is_some_and(|until| at < until)
}

/// Returns until when a notice that is told at a moment is repeated; `None` where that stands already.
pub(super) fn told_until(row: &IdentityRow, at: Timestamp) -> Option<Timestamp> {
    let repeated_until = at.plus(REPEATED_FOR);
    row.notice_until.is_some_and(|until| repeated_until < until).then_some(repeated_until)
}

/// Lists the identities of an account for whose persons a notice waits.
pub(super) async fn notices_of_account(
    rows: &mut impl IdentityRows,
    account: AccountId,
    at: Timestamp,
) -> RowResult<Vec<Identity>> {
    let identities = rows.identities_of_account(account).await?.into_iter();
    Ok(identities.filter(|row| has_notice(row, at)).map(|row| row.identity).collect())
}

/// Finds the identity of a person for whom a notice waits.
pub(super) async fn notice_of(
    rows: &mut impl IdentityRows,
    app: &AppName,
    openid: &OpenId,
    at: Timestamp,
) -> RowResult<Option<IdentityId>> {
    let row = rows.identity_of(app, openid).await?;
    Ok(row.filter(|row| has_notice(row, at)).map(|row| row.identity.id))
}

/// A notice that the person was told.
pub(super) struct Told {
    pub(super) identity: IdentityId,
    pub(super) at: Timestamp,
}

/// Writes down that a person was told.
pub(super) async fn note_told(rows: &mut impl IdentityRows, told: &Told) -> RowResult<()> {
    let row = rows.identity(told.identity).await?;
    let Some(notice_until) = row.and_then(|row| told_until(&row, told.at)) else { return Ok(()) };
    let change = IdentityChange { notice_until: Some(notice_until), ..IdentityChange::default() };
    rows.update_identity(told.identity, &change).await
}
