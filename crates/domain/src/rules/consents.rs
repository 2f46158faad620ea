//! Consents: what a person agreed to in a login belongs to the account that the login leads to.

use super::{
    retention::consent_prune_at,
    rows::{ConsentRow, ConsentRows, MergeRows, RowResult},
};
use crate::{
    account::AccountId,
    consent::{Consent, ConsentTerms},
    login::LoginId,
};

/// That the person of a login agreed.
#[derive(Clone, Debug)]
pub(super) struct ConsentToGive {
    pub(super) login: LoginId,
    pub(super) consent: Consent,
}

/// Keeps that the person of a login agreed. What belongs to an account stays as it is.
pub(super) async fn give_consent(rows: &mut impl ConsentRows, agreement: &ConsentToGive) -> RowResult<()> {
    let ConsentToGive { login, consent } = agreement;
    let prune_at = Some(consent_prune_at(*login, consent.at));
    let row = ConsentRow { login: *login, account: None, consent: consent.clone(), prune_at };
    match rows.consent_of_login(*login).await? {
        None => rows.insert_consent(&row).await,
        Some(known) if known.account.is_none() => rows.update_consent(&row).await,
        Some(_) => Ok(()),
    }
}

/// Returns what the person of a login agreed to.
pub(super) async fn find_consent(rows: &mut impl ConsentRows, login: LoginId) -> RowResult<Option<Consent>> {
    Ok(rows.consent_of_login(login).await?.map(|row| row.consent))
}

/// Returns the consent of a login to terms: to this version of them.
pub(super) async fn consent_to(
    rows: &mut impl ConsentRows,
    login: LoginId,
    terms: Option<&ConsentTerms>,
) -> RowResult<Option<ConsentRow>> {
    let Some(terms) = terms else { return Ok(None) };
    let row = rows.consent_of_login(login).await?;
    Ok(row.filter(|row| row.consent.version == terms.version))
}

/// Returns whether a person may have an account as far as terms go.
pub(super) fn may_have_account(terms: Option<&ConsentTerms>, given: Option<&ConsentRow>) -> bool {
    given.is_some() || !terms.is_some_and(|terms| terms.required)
}

/// Gives a consent to the account that its login leads to. The first consent to a version is the one that is kept.
pub(super) async fn keep_consent(
    rows: &mut impl ConsentRows,
    account: AccountId,
    given: Option<ConsentRow>,
) -> RowResult<()> {
    let Some(given) = given.filter(|row| row.account.is_none()) else { return Ok(()) };
    let known = rows.consents_of_account(account).await?;
    if known.iter().any(|row| row.consent.version == given.consent.version) {
        return Ok(());
    }
    rows.update_consent(&ConsentRow { account: Some(account), prune_at: None, ..given }).await
}

/// Returns what the person of an account agreed to, and the persons of those accounts that were merged into it.
pub(super) async fn consents_of(
    rows: &mut (impl ConsentRows + MergeRows),
    account: AccountId,
) -> RowResult<Vec<Consent>> {
    let (mut accounts, mut consents) = (vec![account], Vec::new());
    while let Some(account) = accounts.pop() {
        let merges = rows.merges_into(account).await?;
        accounts.extend(merges.into_iter().filter(|merge| merge.undone_at.is_none()).map(|merge| merge.from));
        consents.extend(rows.consents_of_account(account).await?.into_iter().map(|row| row.consent));
    }
    consents.sort_by(|one, other| (one.at, &one.version).cmp(&(other.at, &other.version)));
    Ok(consents)
}
