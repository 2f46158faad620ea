//! Binding a phone number to the identity of an unregistered login.

use super::{
    corrupt::corrupt,
    link_identity::{Link, Terms, link_identity},
    login_row::move_login,
    notices::add_notices,
    number_claim::{NumberClaim, PROBATION, number_claim},
    rows::{AccountRow, AccountRows, AuditRows, IdentityRows, LoginRow, LoginRows, RowResult, SessionRows},
};
use crate::{
    account::{Account, AccountId, Identity},
    login::{Login, LoginEvent, LoginState},
    ports::{AuditEntry, AuditKind, Binding, Bound},
};

/// Binds the number and registers the login, or finds that this was done before or cannot be done.
pub(super) async fn bind_phone(
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + SessionRows + AuditRows),
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
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + SessionRows + AuditRows),
    binding: &Binding,
    row: LoginRow,
    login: Login,
    identity: &Identity,
) -> RowResult<Bound> {
    let with_number = match identity.account {
        Some(_) => None,
        None => rows.account_with_phone(binding.phone.number()).await?,
    };
    let of_number = with_number.as_ref().map(|row| row.account.id);
    let account = identity.account.or(of_number).unwrap_or(binding.new_account);
    let event = LoginEvent::Bound { account, window: binding.window };
    let login = match login.apply(event, binding.at) {
        Ok(login) => login,
        Err(refusal) => return Ok(Bound::Refused(refusal.login)),
    };
    let claim = match (identity.account, &with_number) {
        (Some(_), _) => NumberClaim::Owner,
        (None, Some(account)) => number_claim(rows, binding, account, identity).await?,
        (None, None) => {
            create_account(rows, binding).await?;
            NumberClaim::Owner
        }
    };
    let registered = match claim {
        NumberClaim::Owner => Bound::Registered,
        NumberClaim::NumberAlone => Bound::ByNumberAlone,
        NumberClaim::Taken => return Ok(Bound::PhoneTaken),
    };
    if identity.account.is_none() {
        join_account(rows, binding, identity, account, claim).await?;
    }
    let row = LoginRow { proof: Some(binding.proof), ..row };
    Ok(registered(move_login(rows, row, login).await?))
}

/// Links an identity to its account. One that the number alone led there is on probation, and the others are told.
async fn join_account(
    rows: &mut (impl IdentityRows + AuditRows),
    binding: &Binding,
    identity: &Identity,
    account: AccountId,
    claim: NumberClaim,
) -> RowResult<()> {
    let is_alone = claim == NumberClaim::NumberAlone;
    let terms = Terms { account, probation_until: is_alone.then(|| binding.at.plus(PROBATION)) };
    link_identity(rows, &Link { identity: identity.id, terms, login: binding.login, at: binding.at }).await?;
    if is_alone {
        add_notices(rows, account, identity.id, binding.at).await?;
    }
    Ok(())
}

async fn create_account(rows: &mut (impl AccountRows + AuditRows), binding: &Binding) -> RowResult<()> {
    let (id, at) = (binding.new_account, binding.at);
    let account = Account::new(id, Some(binding.phone.number().clone()), at);
    rows.insert_account(&AccountRow::new(account)).await?;
    let entry = AuditEntry { at, kind: AuditKind::AccountCreated, account: id, login: Some(binding.login) };
    rows.insert_audit(&entry).await
}
