//! Probation: an identity that came by a number alone may not change the ways into its account for a while.

use super::{
    link_identity::other_identities,
    number_claim::{NumberClaim, by_unionid},
    rows::{IdentityChange, IdentityRow, IdentityRows, LoginRows, RowResult},
};
use crate::{account::AccountId, login::LoginId, time::Timestamp, wechat::UnionId};

/// The probation of an identity that turned out to be another person's than its account.
const FOR_EVER: Timestamp = Timestamp::from_millis(i64::MAX);

/// Returns whether a login may not change the ways into its account: it came by a number alone, or the identity that scanned it
/// is on probation. A login whose row or scan is not known any more
/// is older than any change may be: each needs a recent login.
pub(super) async fn is_on_probation(
    rows: &mut (impl LoginRows + IdentityRows),
    login: LoginId,
    at: Timestamp,
) -> RowResult<bool> {
    let row = rows.login(login).await?;
    if row.as_ref().is_some_and(|row| row.auth_methods.is_number_alone()) {
        return Ok(true);
    }
    let scan = row.and_then(|row| row.scan);
    let Some(id) = scan.and_then(|scan| scan.identity) else { return Ok(false) };
    let until = rows.identity(id).await?.and_then(|row| row.probation_until);
    Ok(until.is_some_and(|until| at < until))
}

/// Leaves an identity on probation for ever that came by the number alone, where its unionid, which has become known
/// since, says that it is another person's: with the unionid at hand the number would not have led it there.
pub(super) async fn keep_on_probation(
    rows: &mut impl IdentityRows,
    account: AccountId,
    row: &IdentityRow,
    union: &UnionId,
) -> RowResult<()> {
    if row.probation_until.is_none() {
        return Ok(());
    }
    let others = other_identities(rows, account, row.identity.id).await?;
    if by_unionid(Some(union), &others) == NumberClaim::Taken {
        let change = IdentityChange { probation_until: Some(FOR_EVER), ..IdentityChange::default() };
        rows.update_identity(row.identity.id, &change).await?;
    }
    Ok(())
}
