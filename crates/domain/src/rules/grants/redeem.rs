//! Redeeming a code: once, by the client that asked for it.

use super::{end::end, holder::holder_of};
use crate::{
    oidc::{CODE_LIVES, Grant, RefreshState, Scope},
    ports::{CodeRedemption, Redeemed},
    rules::{
        retention::granted_prune_at,
        rows::{AccountRows, AuditRows, GrantRows, IdentityRows, RowResult, SessionRows},
    },
    time::Timestamp,
};

/// Redeems a code.
///
/// A second redemption ends the tokens of the first one: one of the two was a thief's, and which one is not known. Nothing is
/// ended for a client that has not proven to be the code's, so a stolen code alone stops no client.
pub(super) async fn redeem_code(
    rows: &mut (impl AccountRows + IdentityRows + SessionRows + GrantRows + AuditRows),
    redemption: &CodeRedemption,
) -> RowResult<Redeemed> {
    let row = rows.grant(redemption.grant).await?;
    let Some(mut row) = row.filter(|row| row.code == redemption.code) else { return Ok(Redeemed::Refused) };
    let grant = &row.grant;
    if !is_of(grant, redemption) {
        return Ok(Redeemed::Refused);
    }
    if row.redeemed_at.is_some() {
        end(rows, row, "code reused", redemption.at).await?;
        return Ok(Redeemed::Reused);
    }
    if row.ended_at.is_some() || grant.at.plus(CODE_LIVES) <= redemption.at {
        return Ok(Redeemed::Refused);
    }
    let holder = holder_of(rows, &row).await?;
    let Some(mut holder) = holder.filter(|holder| !is_too_old(holder.session.created_at, redemption)) else {
        return Ok(Redeemed::Refused);
    };
    row.redeemed_at = Some(redemption.at);
    row.refresh = holder.grant.scopes.has(Scope::OfflineAccess).then_some(RefreshState {
        generation: 1,
        current: redemption.refresh_token,
        previous: None,
        since: redemption.at,
    });
    row.prune_at = granted_prune_at(holder.session.created_at.plus(redemption.lives));
    rows.update_grant(&row).await?;
    holder.refresh = row.refresh;
    Ok(Redeemed::Done(Box::new(holder)))
}

fn is_too_old(created_at: Timestamp, redemption: &CodeRedemption) -> bool {
    created_at.plus(redemption.lives) <= redemption.at
}

/// Returns whether the caller is the client of a grant: the same client, the same address, and the secret of the challenge.
/// A secret where no challenge was sent shows that the challenge was lost on its way (RFC 9700, section 2.1.1).
fn is_of(grant: &Grant, redemption: &CodeRedemption) -> bool {
    let is_proven = match (&grant.challenge, &redemption.verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => challenge.is_met_by(verifier),
        (Some(_), None) | (None, Some(_)) => false,
    };
    is_proven
        && grant.client == redemption.client
        && redemption.redirect_uri.as_deref() == Some(grant.redirect_uri.as_str())
}
