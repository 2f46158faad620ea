//! Making accounts for persons whom the site knows already: by the site API, or by an import.
//!
//! A number, an external id and a WeChat user have one account each. Where all of them lead to one account that has
//! everything else, too, the person is there; where they lead to any other, the person is not made.

use super::rows::{AccountRow, AccountRows, IdentityRow, IdentityRows, PeopleRows, RowResult};
use crate::{
    account::{Account, AccountId, Identity},
    ports::{AuditEntry, AuditKind, Belonging, KnownIdentity, KnownPerson, Made},
};

/// Makes the accounts of known persons, one after the other.
pub(super) async fn make_people(
    rows: &mut (impl AccountRows + IdentityRows + PeopleRows),
    people: &[KnownPerson],
) -> RowResult<Vec<Made>> {
    let mut made = Vec::with_capacity(people.len());
    for person in people {
        made.push(make_person(rows, person).await?);
    }
    Ok(made)
}

async fn make_person(
    rows: &mut (impl AccountRows + IdentityRows + PeopleRows),
    person: &KnownPerson,
) -> RowResult<Made> {
    let mut owners: Vec<Belonging> = Vec::new();
    if let Some(phone) = &person.phone {
        owners.extend(belonging("phone", rows.account_with_phone(phone).await?));
    }
    if let Some(id) = &person.external_id {
        owners.extend(belonging("external_id", rows.account_with_external_id(id).await?));
    }
    let mut known = Vec::with_capacity(person.identities.len());
    for identity in &person.identities {
        let row = rows.identity_of(&identity.app, &identity.openid).await?;
        let account = row.as_ref().and_then(|row| row.identity.account);
        owners.extend(account.map(|account| Belonging { what: "openid", account }));
        known.push(row);
    }
    let Some(first) = owners.first() else {
        insert(rows, person, known).await?;
        return Ok(Made::New(person.new_id));
    };
    let account = first.account;
    let leads_to_one = owners.iter().all(|owner| owner.account == account);
    if leads_to_one && has_all(rows, account, person, &known).await? {
        return Ok(Made::Same(account));
    }
    Ok(Made::Taken(owners))
}

fn belonging(what: &'static str, owner: Option<AccountRow>) -> Option<Belonging> {
    owner.map(|row| Belonging { what, account: row.account.id })
}

/// Returns whether an account has all that is known of a person; it may have more.
async fn has_all(
    rows: &mut impl AccountRows,
    id: AccountId,
    person: &KnownPerson,
    known: &[Option<IdentityRow>],
) -> RowResult<bool> {
    let Some(AccountRow { account, .. }) = rows.account(id).await? else { return Ok(false) };
    let is_linked =
        |row: &Option<IdentityRow>| row.as_ref().is_some_and(|row| row.identity.account == Some(id));
    Ok((person.phone.is_none() || person.phone == account.phone)
        && (person.external_id.is_none() || person.external_id == account.external_id)
        && (person.attributes.is_none() || person.attributes == account.attributes)
        && known.iter().all(is_linked))
}

async fn insert(
    rows: &mut (impl AccountRows + IdentityRows + PeopleRows),
    person: &KnownPerson,
    known: Vec<Option<IdentityRow>>,
) -> RowResult<()> {
    let &KnownPerson { new_id: id, at, .. } = person;
    let account = Account {
        external_id: person.external_id.clone(),
        attributes: person.attributes.clone(),
        profile: person.profile.clone(),
        ..Account::new(id, person.phone.clone(), person.since)
    };
    rows.insert_account(&AccountRow { last_seen_at: at, ..AccountRow::new(account) }).await?;
    for (identity, row) in person.identities.iter().zip(known) {
        match row {
            Some(row) => rows.link_identity(row.identity.id, id, at, None).await?,
            None => rows.insert_identity(&new_row(identity, person)).await?,
        }
    }
    let entry = AuditEntry { at, kind: AuditKind::AccountCreated, account: id, login: None };
    rows.insert_audit_by(&entry, &person.actor).await
}

fn new_row(identity: &KnownIdentity, person: &KnownPerson) -> IdentityRow {
    IdentityRow {
        identity: Identity {
            id: identity.new_id,
            app: identity.app.clone(),
            channel: identity.channel,
            openid: identity.openid.clone(),
            union: identity.union.clone(),
            account: Some(person.new_id),
            profile: identity.profile.clone(),
            unsubscribed_at: None,
        },
        created_at: person.at,
        linked_at: Some(person.at),
        prune_at: None,
        probation_until: None,
        notice_until: None,
    }
}
