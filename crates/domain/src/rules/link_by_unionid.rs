//! Linking by unionid: identities of one person within an open-platform account lead to one account.

use super::{
    corrupt::corrupt,
    link_identity::{Link, Terms, link_identity, terms_of_account},
    login_row::move_login,
    note_conflict::{accounts_of_union, note_conflict},
    probation::keep_on_probation,
    rows::{AuditRows, IdentityChange, IdentityRows, LoginRows, RowResult},
};
use crate::{
    account::{AccountId, Identity, IdentityId},
    login::{Login, LoginEvent, LoginState},
    ports::UnionIdLink,
    wechat::{AppName, UnionId},
};

/// Notes an identity's unionid, links the identity to the person's account, and registers the login if it waits
/// for that. An identity that has an account stays where it is.
pub(super) async fn link_by_unionid(
    rows: &mut (impl LoginRows + IdentityRows + AuditRows),
    link: &UnionIdLink,
) -> RowResult<Option<Login>> {
    let row = rows.identity(link.identity).await?;
    let row = row.ok_or_else(|| corrupt("identities.id", link.identity))?;
    let identity = &row.identity;
    let is_new = identity.union.as_ref() != Some(&link.union);
    if is_new {
        let change = IdentityChange { union: Some(link.union.clone()), ..IdentityChange::default() };
        rows.update_identity(identity.id, &change).await?;
    }
    match identity.account {
        Some(account) => {
            if is_new {
                note_conflict(rows, account, &link.union, link.login, link.at).await?;
                keep_on_probation(rows, account, &row, &link.union).await?;
            }
            register(rows, link, account).await
        }
        None => link_to_account(rows, link, identity).await,
    }
}

async fn link_to_account(
    rows: &mut (impl LoginRows + IdentityRows + AuditRows),
    link: &UnionIdLink,
    identity: &Identity,
) -> RowResult<Option<Login>> {
    let terms = terms_by_union(rows, &link.union, &identity.app, identity.id).await?;
    let Some(terms) = terms else { return Ok(None) };
    let account = terms.account;
    let (app, login) = (identity.app.clone(), link.login);
    link_identity(rows, &Link { identity: identity.id, app, terms, login, at: link.at }).await?;
    register(rows, link, account).await
}

/// Registers the login where it waits for the identity's phone number.
async fn register(
    rows: &mut impl LoginRows,
    link: &UnionIdLink,
    account: AccountId,
) -> RowResult<Option<Login>> {
    let Some(row) = rows.login(link.login).await? else { return Ok(None) };
    let waits_for_them = matches!(row.login.state, LoginState::Unregistered { identity, .. } if identity == Some(link.identity));
    if !waits_for_them {
        return Ok(None);
    }
    let event = LoginEvent::Bound { account, window: link.window };
    match row.login.clone().apply(event, link.at) {
        Ok(login) => Ok(Some(move_login(rows, row, login).await?)),
        Err(_too_late) => Ok(None),
    }
}

/// Finds the account to which a unionid leads an identity: the longest linked one of those that take it.
pub(super) async fn terms_by_union(
    rows: &mut impl IdentityRows,
    union: &UnionId,
    app: &AppName,
    identity: IdentityId,
) -> RowResult<Option<Terms>> {
    for account in accounts_of_union(rows, union).await? {
        let terms = terms_of_account(rows, account, app, identity).await?;
        if terms.is_some() {
            return Ok(terms);
        }
    }
    Ok(None)
}
