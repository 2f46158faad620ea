//! Linking identities of one person by their unionid.

use saoma_domain::{
    account::{AccountId, Identity},
    login::{Login, LoginEvent, LoginState},
    ports::UnionLink,
};

use super::{Connection, identities, logins};
use crate::{failure::Failure, rows::corrupt};

/// Notes the unionid, binds the identity to the person's account, and registers a login that waits for that.
pub(super) async fn link(connection: &mut Connection, link: &UnionLink) -> Result<Option<Login>, Failure> {
    let found = identities::by_id(connection, link.identity).await?;
    let identity = found.ok_or_else(|| corrupt("identities", "id", &link.identity.to_string()))?;
    if identity.unionid.as_ref() != Some(&link.unionid) {
        identities::note_union(connection, link.identity, &link.unionid).await?;
    }
    let account = match identity.account {
        Some(account) => account,
        None => {
            let Some(account) = free_account(connection, link, &identity).await? else { return Ok(None) };
            identities::attach(connection, identity.id, account, link.login, link.at).await?;
            account
        }
    };
    register(connection, link, account).await
}

/// Finds the account of the person that has no other user of this app; the longest bound one comes first.
async fn free_account(
    connection: &mut Connection,
    link: &UnionLink,
    identity: &Identity,
) -> Result<Option<AccountId>, Failure> {
    let others = identities::of_union(connection, &link.unionid).await?;
    for account in others.iter().filter_map(|other| other.account) {
        if !identities::has_another_user(connection, account, identity).await? {
            return Ok(Some(account));
        }
    }
    Ok(None)
}

async fn register(
    connection: &mut Connection,
    link: &UnionLink,
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
