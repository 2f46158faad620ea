//! Binding a phone number to the identity of an unregistered login.

use diesel::prelude::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use saoma_domain::{
    account::{AccountId, Identity, PhoneNumber},
    login::{Login, LoginEvent, LoginState},
    ports::{AuditEntry, AuditKind, Binding, Bound},
};

use super::{Connection, audit, identities, logins};
use crate::{
    failure::Failure,
    rows::{AccountRow, LoginRow, corrupt},
    schema::accounts,
};

/// Binds the number and registers the login, or finds that it was done before or cannot be.
pub(super) async fn bind(connection: &mut Connection, binding: &Binding) -> Result<Bound, Failure> {
    let Some(row) = logins::row(connection, binding.login).await? else {
        return Ok(Bound::Refused(Login::new(binding.login).at(binding.at)));
    };
    let record = row.record()?;
    let login = record.login.at(binding.at);
    match login.state {
        LoginState::Unregistered { identity, .. } => {
            let found = identities::by_id(connection, identity).await?;
            let identity = found.ok_or_else(|| corrupt("identities", "id", &identity.to_string()))?;
            waiting(connection, binding, &row, login, &identity).await
        }
        LoginState::Registered { .. } if record.proof == Some(binding.proof) => Ok(Bound::Registered(login)),
        LoginState::Loop { .. } | LoginState::Registered { .. } | LoginState::Expired { .. } => {
            Ok(Bound::Refused(login))
        }
    }
}

async fn waiting(
    connection: &mut Connection,
    binding: &Binding,
    row: &LoginRow,
    login: Login,
    identity: &Identity,
) -> Result<Bound, Failure> {
    let theirs = match identity.account {
        Some(account) => Some(account),
        None => with_number(connection, binding.phone.number()).await?,
    };
    let account = theirs.unwrap_or(binding.new_account);
    let event = LoginEvent::Bound { account, window: binding.window };
    let login = match login.apply(event, binding.at) {
        Ok(login) => login,
        Err(refusal) => return Ok(Bound::Refused(refusal.login)),
    };
    if identity.account.is_none() {
        if theirs.is_none() {
            create(connection, binding).await?;
        } else if identities::has_another_user(connection, account, &identity.app, identity.id).await? {
            return Ok(Bound::PhoneTaken);
        }
        identities::attach(connection, identity.id, account, binding.login, binding.at).await?;
    }
    logins::advance(connection, row, &login, Some(binding.proof)).await?;
    Ok(Bound::Registered(login))
}

async fn with_number(connection: &mut Connection, phone: &PhoneNumber) -> Result<Option<AccountId>, Failure> {
    let query = accounts::table.filter(accounts::phone.eq(phone.e164())).select(accounts::id);
    let id: Option<String> = query.first(connection).await.optional()?;
    id.map(|id| AccountId::parse(&id).ok_or_else(|| corrupt("accounts", "id", &id).into())).transpose()
}

async fn create(connection: &mut Connection, binding: &Binding) -> Result<(), Failure> {
    let row = AccountRow::new(binding.new_account, binding.phone.number(), binding.at);
    diesel::insert_into(accounts::table).values(row).execute(connection).await?;
    let entry = AuditEntry {
        at: binding.at,
        kind: AuditKind::AccountCreated,
        account: binding.new_account,
        login: Some(binding.login),
    };
    audit::record(connection, &entry).await
}
