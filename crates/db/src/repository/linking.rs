//! Linking identities of one person by their unionid.

use saoma_domain::{
    account::{AccountId, IdentityId},
    login::{Login, LoginEvent, LoginState},
    ports::UnionIdLink,
    wechat::{AppName, UnionId},
};

use super::{Connection, conflicts, identities, logins};
use crate::{
    failure::Failure,
    rows::{IdentityChange, corrupt},
};

/// Notes the unionid, binds the identity to the person's account, and registers a login that waits for that.
pub(super) async fn link(connection: &mut Connection, link: &UnionIdLink) -> Result<Option<Login>, Failure> {
    let found = identities::by_id(connection, link.identity).await?;
    let identity = found.ok_or_else(|| corrupt("identities", "id", &link.identity.to_string()))?;
    let is_new = identity.union.as_ref() != Some(&link.union);
    if is_new {
        identities::change(connection, identity.id, &IdentityChange::to_union(&link.union)).await?;
    }
    let account = match identity.account {
        Some(account) => {
            if is_new {
                conflicts::note(connection, account, &link.union, link.login, link.at).await?;
            }
            account
        }
        None => {
            let free = free_account(connection, &link.union, &identity.app, identity.id).await?;
            let Some(account) = free else { return Ok(None) };
            identities::attach(connection, identity.id, account, link.login, link.at).await?;
            account
        }
    };
    register(connection, link, account).await
}

/// Finds the account of a person that has no other user of an app; the longest bound one comes first.
pub(super) async fn free_account(
    connection: &mut Connection,
    union: &UnionId,
    app: &AppName,
    identity: IdentityId,
) -> Result<Option<AccountId>, Failure> {
    let others = identities::of_union(connection, union).await?;
    for account in others.iter().filter_map(|other| other.account) {
        if !identities::has_another_user(connection, account, app, identity).await? {
            return Ok(Some(account));
        }
    }
    Ok(None)
}

async fn register(
    connection: &mut Connection,
    link: &UnionIdLink,
    account: AccountId,
) -> Result<Option<Login>, Failure> {
    let Some(row) = logins::row(connection, link.login).await? else { return Ok(None) };
    let login = row.login()?;
    let waits_for_them =
        matches!(login.state, LoginState::Unregistered { identity, .. } if identity == link.identity);
    let event = LoginEvent::Bound { account, window: link.window };
    match login.apply(event, link.at) {
        Ok(login) if waits_for_them => {
            logins::advance(connection, &row, &login, None).await?;
            Ok(Some(login))
        }
        Ok(_) | Err(_) => Ok(None),
    }
}
