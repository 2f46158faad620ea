//! Binding a phone number to the identity of an unregistered login.

use super::{
    consents::{consent_to, keep_consent, may_have_account},
    corrupt::corrupt,
    create_account::{NewAccount, create_account},
    link_identity::{Link, Terms, link_identity},
    login_row::move_login,
    notices::add_notices,
    number_claim::{NumberClaim, PROBATION, number_claim, was_long_unseen},
    rows::{AccountRows, AuditRows, ConsentRows, IdentityRows, LoginRow, LoginRows, RowResult, SessionRows},
};
use crate::{
    account::{AccountId, Identity},
    login::{Login, LoginEvent, LoginState},
    ports::{Binding, Bound},
    session::AuthMethod,
};

/// Binds the number and registers the login, or finds that this was done before or cannot be done.
pub(super) async fn bind_phone(
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + SessionRows + AuditRows + ConsentRows),
    binding: &Binding,
) -> RowResult<Bound> {
    let Some(row) = rows.login(binding.login).await? else {
        return Ok(Bound::Refused(Login::new(binding.login).at(binding.at)));
    };
    let login = row.login.clone().at(binding.at);
    match login.state {
        LoginState::Unregistered { identity: None, .. } => register_number(rows, binding, row, login).await,
        LoginState::Unregistered { identity: Some(id), .. } => {
            let identity = rows.identity(id).await?.ok_or_else(|| corrupt("identities.id", id))?;
            register(rows, binding, row, login, &identity.identity).await
        }
        LoginState::Registered { .. } if row.proof == Some(binding.proof) => Ok(Bound::Registered(login)),
        LoginState::Loop { .. }
        | LoginState::Scanned { .. }
        | LoginState::Registered { .. }
        | LoginState::Expired { .. } => Ok(Bound::Refused(login)),
    }
}

/// Registers a login that waits for a phone number: with the identity's own account, where another login gave it
/// one meanwhile; else with the number's; else with a new one.
async fn register(
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + SessionRows + AuditRows + ConsentRows),
    binding: &Binding,
    row: LoginRow,
    login: Login,
    identity: &Identity,
) -> RowResult<Bound> {
    let consent = consent_to(rows, binding.login, binding.terms.as_ref()).await?;
    if !may_have_account(binding.terms.as_ref(), consent.as_ref()) {
        return Ok(Bound::ConsentMissing);
    }
    let with_number = match identity.account {
        Some(_) => None,
        None => match &binding.phone {
            Some(phone) => rows.account_with_phone(phone.number()).await?,
            None => None,
        },
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
        (None, None) if !binding.admits => return Ok(Bound::RegistrationClosed),
        (None, None) => {
            let phone = binding.phone.as_ref().map(|phone| phone.number().clone());
            let (id, login, at) = (binding.new_account, binding.login, binding.at);
            create_account(rows, &NewAccount { id, phone, login, at }).await?;
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
    keep_consent(rows, account, consent).await?;
    let auth_methods = binding.proven_by.map_or(row.auth_methods, |method| row.auth_methods.and(method));
    let row = LoginRow { proof: Some(binding.proof), auth_methods, ..row };
    Ok(registered(move_login(rows, row, login).await?))
}

/// Registers a login by a number alone: with the number's account, or with a new one. Without a number there is nothing that
/// says who it is.
async fn register_number(
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + SessionRows + AuditRows + ConsentRows),
    binding: &Binding,
    row: LoginRow,
    login: Login,
) -> RowResult<Bound> {
    let Some(phone) = &binding.phone else { return Ok(Bound::Refused(login)) };
    let consent = consent_to(rows, binding.login, binding.terms.as_ref()).await?;
    if !may_have_account(binding.terms.as_ref(), consent.as_ref()) {
        return Ok(Bound::ConsentMissing);
    }
    let account = match rows.account_with_phone(phone.number()).await? {
        Some(account) if was_long_unseen(rows, binding.seen_since, &account).await? => {
            return Ok(Bound::PhoneTaken);
        }
        Some(account) => account.account.id,
        None if !binding.admits_number_alone => return Ok(Bound::RegistrationClosed),
        None => {
            let (id, login, at) = (binding.new_account, binding.login, binding.at);
            create_account(rows, &NewAccount { id, phone: Some(phone.number().clone()), login, at }).await?;
            id
        }
    };
    let event = LoginEvent::Bound { account, window: binding.window };
    let login = match login.apply(event, binding.at) {
        Ok(login) => login,
        Err(refusal) => return Ok(Bound::Refused(refusal.login)),
    };
    keep_consent(rows, account, consent).await?;
    let row = LoginRow { proof: Some(binding.proof), auth_methods: AuthMethod::Sms.into(), ..row };
    Ok(Bound::Registered(move_login(rows, row, login).await?))
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
    let app = identity.app.clone();
    let link = Link { identity: identity.id, app, terms, login: binding.login, at: binding.at };
    link_identity(rows, &link).await?;
    if is_alone {
        add_notices(rows, account, identity.id, binding.at).await?;
    }
    Ok(())
}
