//! What the site and its operators see of accounts, and by what they find them.

use super::{
    app_profiles::list_app_profiles,
    consents::consents_of,
    rows::{
        AccountRow, AccountRows, AppProfileRows, ConsentRows, IdentityRows, MergeRows, PeopleRows, RowResult,
    },
};
use crate::{
    account::{AccountId, IdentityId},
    login::LoginId,
    ports::{Person, PersonKey},
};

/// Finds the accounts that have a key.
pub(super) async fn find_people(
    rows: &mut (impl AccountRows + IdentityRows + PeopleRows + ConsentRows + MergeRows + AppProfileRows),
    key: &PersonKey,
) -> RowResult<Vec<Person>> {
    let found = match key {
        PersonKey::Id(id) => rows.account(*id).await?,
        PersonKey::Phone(phone) => rows.account_with_phone(phone).await?,
        PersonKey::ExternalId(id) => rows.account_with_external_id(id).await?,
        PersonKey::OpenId(apps, openid) => {
            let mut ids = Vec::new();
            for app in apps {
                ids.extend(rows.identity_of(app, openid).await?.and_then(|row| row.identity.account));
            }
            return persons(rows, ids).await;
        }
        PersonKey::UnionId(union) => {
            let linked = rows.linked_identities_of_unionid(union).await?;
            return persons(rows, linked.into_iter().filter_map(|row| row.identity.account)).await;
        }
    };
    match found {
        Some(row) => Ok(vec![person(rows, row).await?]),
        None => Ok(Vec::new()),
    }
}

/// Returns the login that an identity scanned last.
pub(super) async fn last_login_of(
    rows: &mut impl PeopleRows,
    identity: IdentityId,
) -> RowResult<Option<LoginId>> {
    let logins = rows.logins_of_identity(identity).await?;
    let last = logins.into_iter().max_by_key(|row| row.scan.as_ref().map(|scan| scan.at));
    Ok(last.map(|row| row.login.id))
}

/// Lists accounts by their id, those behind `after`.
pub(super) async fn list_people(
    rows: &mut (impl IdentityRows + PeopleRows + ConsentRows + MergeRows + AppProfileRows),
    after: Option<AccountId>,
    limit: u32,
) -> RowResult<Vec<Person>> {
    let mut people = Vec::new();
    for row in rows.accounts_after(after, limit).await? {
        people.push(person(rows, row).await?);
    }
    Ok(people)
}

async fn persons(
    rows: &mut (impl AccountRows + IdentityRows + ConsentRows + MergeRows + AppProfileRows),
    ids: impl IntoIterator<Item = AccountId, IntoIter: Send> + Send,
) -> RowResult<Vec<Person>> {
    let mut people: Vec<Person> = Vec::new();
    for id in ids {
        let is_known = people.iter().any(|known| known.account.id == id);
        if let Some(row) = rows.account(id).await?.filter(|_| !is_known) {
            people.push(person(rows, row).await?);
        }
    }
    Ok(people)
}

/// Reads what belongs to an account.
pub(super) async fn person(
    rows: &mut (impl IdentityRows + ConsentRows + MergeRows + AppProfileRows),
    row: AccountRow,
) -> RowResult<Person> {
    let consents = consents_of(rows, row.account.id).await?;
    let identities = rows.identities_of_account(row.account.id).await?;
    let app_profiles = list_app_profiles(rows, row.account.id).await?;
    Ok(Person {
        app_profiles,
        identities: identities.into_iter().map(|row| (row.identity, row.linked_at)).collect(),
        account: row.account,
        last_seen_at: row.last_seen_at,
        disabled_reason: row.disabled_reason,
        consents,
    })
}
