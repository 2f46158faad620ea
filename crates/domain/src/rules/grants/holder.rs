//! Whom a grant is about, as long as it is good.

use crate::{
    oidc::GrantId,
    ports::GrantHolder,
    rules::rows::{AccountRows, GrantRow, GrantRows, IdentityRows, RowResult, SessionRows},
};

/// Returns whom a grant is about, unless it or its session has ended or the account is disabled.
pub(super) async fn find_holder(
    rows: &mut (impl AccountRows + IdentityRows + SessionRows + GrantRows),
    grant: GrantId,
) -> RowResult<Option<GrantHolder>> {
    let row = rows.grant(grant).await?.filter(|row| row.ended_at.is_none() && row.redeemed_at.is_some());
    match row {
        Some(row) => holder_of(rows, &row).await,
        None => Ok(None),
    }
}

/// Returns whom a grant is about that was not ended by itself.
pub(super) async fn holder_of(
    rows: &mut (impl AccountRows + IdentityRows + SessionRows),
    row: &GrantRow,
) -> RowResult<Option<GrantHolder>> {
    let grant = &row.grant;
    let Some(session) = rows.live_session_of_account(grant.account, grant.session).await? else {
        return Ok(None);
    };
    let account = rows.account(grant.account).await?.map(|row| row.account);
    let Some(account) = account.filter(|account| !account.disabled) else { return Ok(None) };
    let identities = rows.identities_of_account(grant.account).await?;
    let identities = identities.into_iter().map(|row| row.identity).collect();
    let (grant, refresh, session) = (grant.clone(), row.refresh, session.session);
    Ok(Some(GrantHolder { grant, refresh, session, account, identities }))
}
