//! Binding a phone number to the identity of an unregistered login.

use super::{
    corrupt::corrupt,
    link_identity::{Link, link_identity, takes_identity},
    login_row::move_login,
    rows::{AccountRow, AccountRows, AuditRows, IdentityRows, LoginRow, LoginRows, RowResult},
};
use crate::{
    account::{Account, Identity},
    login::{Login, LoginEvent, LoginState},
    ports::{AuditEntry, AuditKind, Binding, Bound},
};

/// Binds the number and registers the login, or finds that this was done before or cannot be done.
pub(super) async fn bind_phone(
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + AuditRows),
    binding: &Binding,
) -> RowResult<Bound> {
    let Some(row) = rows.login(binding.login).await? else {
        return Ok(Bound::Refused(Login::new(binding.login).at(binding.at)));
    };
    let login = row.login.clone().at(binding.at);
    match login.state {
        LoginState::Unregistered { identity: id, .. } => {
            let identity = rows.identity(id).await?.ok_or_else(|| corrupt("identities.id", id))?;
            register(rows, binding, row, login, &identity.identity).await
        }
        LoginState::Registered { .. } if row.proof == Some(binding.proof) => Ok(Bound::Registered(login)),
        LoginState::Loop { .. } | LoginState::Registered { .. } | LoginState::Expired { .. } => {
            Ok(Bound::Refused(login))
        }
    }
}

/// Registers a login that waits for a phone number: with the identity's own account, where another login gave it
/// one meanwhile; else with the number's; else with a new one.
async fn register(
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + AuditRows),
    binding: &Binding,
    row: LoginRow,
    login: Login,
    identity: &Identity,
) -> RowResult<Bound> {
    let found = match identity.account {
        Some(account) => Some(account),
        None => rows.account_with_phone(binding.phone.number()).await?,
    };
    let account = found.unwrap_or(binding.new_account);
    let event = LoginEvent::Bound { account, window: binding.window };
    let login = match login.apply(event, binding.at) {
        Ok(login) => login,
        Err(refusal) => return Ok(Bound::Refused(refusal.login)),
    };
    if identity.account.is_none() {
        if found.is_none() {
            create_account(rows, binding).await?;
        } else if !takes_identity(rows, account, &identity.app, identity.id).await? {
            return Ok(Bound::PhoneTaken);
        }
        let link = Link { identity: identity.id, account, login: binding.login, at: binding.at };
        link_identity(rows, &link).await?;
    }
    let row = LoginRow { proof: Some(binding.proof), ..row };
    Ok(Bound::Registered(move_login(rows, row, login).await?))
}

async fn create_account(rows: &mut (impl AccountRows + AuditRows), binding: &Binding) -> RowResult<()> {
    let (id, at) = (binding.new_account, binding.at);
    let account = Account { id, phone: binding.phone.number().clone(), created_at: at, disabled: false };
    rows.insert_account(&AccountRow { account, sessions_ended_at: None }).await?;
    let entry = AuditEntry { at, kind: AuditKind::AccountCreated, account: id, login: Some(binding.login) };
    rows.insert_audit(&entry).await
}
