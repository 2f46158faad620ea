//! Using a refresh token: once, and for a moment again.

use super::{end::end, holder::holder_of};
use crate::{
    oidc::{REFRESH_GRACE, RefreshState},
    ports::{GrantHolder, Refresh, Refreshed},
    rules::rows::{AccountRows, AuditRows, GrantRow, GrantRows, IdentityRows, RowResult, SessionRows},
};

/// Uses a refresh token.
///
/// One that was used before ends its family: it is in two hands, and which are the thief's is not known. For a moment it is
/// taken for a repetition instead, since answers are lost on their way, and several parts of a client refresh at once.
pub(super) async fn refresh(
    rows: &mut (impl AccountRows + IdentityRows + SessionRows + GrantRows + AuditRows),
    wish: &Refresh,
) -> RowResult<Refreshed> {
    let row = rows.grant(wish.grant).await?;
    let row = row.filter(|row| row.grant.client == wish.client && row.ended_at.is_none());
    let Some((row, good)) = row.and_then(|row| row.refresh.map(|good| (row, good))) else {
        return Ok(Refreshed::Refused);
    };
    let is_current = good.generation == wish.generation && good.current == wish.token;
    let is_repeated = good.generation == wish.generation.saturating_add(1)
        && good.previous == Some(wish.token)
        && wish.at <= good.since.plus(REFRESH_GRACE);
    if !is_current && !is_repeated {
        end(rows, row, "refresh token reused", wish.at).await?;
        return Ok(Refreshed::Reused);
    }
    let holder = holder_of(rows, &row).await?;
    let is_too_old = |holder: &GrantHolder| holder.session.created_at.plus(wish.lives) <= wish.at;
    let Some(mut holder) = holder.filter(|holder| !is_too_old(holder)) else { return Ok(Refreshed::Refused) };
    if wish.scopes.is_some_and(|scopes| !row.grant.scopes.has_all(scopes)) {
        return Ok(Refreshed::TooMuch);
    }
    if is_repeated {
        return Ok(Refreshed::Again(Box::new(holder)));
    }
    let next = RefreshState {
        generation: good.generation.saturating_add(1),
        current: wish.successor,
        previous: Some(good.current),
        since: wish.at,
    };
    holder.refresh = Some(next);
    rows.update_grant(&GrantRow { refresh: Some(next), ..row }).await?;
    Ok(Refreshed::Done(Box::new(holder)))
}
