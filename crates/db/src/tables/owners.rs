//! Putting together the account of a session out of the rows of a join.

use saoma_domain::{
    account::{Account, Conflict},
    rules::rows::{AccountRow, AccountWithIdentities, IdentityRow, RowResult},
};

use crate::columns::{AccountColumns, IdentityColumns};

/// An identity of the account, and another account that has its unionid.
type Joined = (Option<IdentityColumns>, Option<AccountColumns>);

/// Makes an account with its identities out of the rows that are joined to it, in whatever order they come.
pub(super) fn account_with_identities(
    account: AccountRow,
    joined: impl IntoIterator<Item = Joined>,
) -> RowResult<AccountWithIdentities> {
    let mut found: Vec<(IdentityRow, Vec<Account>)> = Vec::new();
    for (identity, other) in joined {
        let Some(identity) = identity.map(IdentityColumns::into_row).transpose()? else { continue };
        let other = other.map(AccountColumns::into_row).transpose()?.map(|row| row.account);
        match found.iter_mut().find(|(known, _)| known.identity.id == identity.identity.id) {
            Some((_, others)) => others.extend(other),
            None => found.push((identity, other.into_iter().collect())),
        }
    }
    found.sort_by_key(|(row, _)| (row.created_at, row.identity.id));
    let (mut identities, mut conflicts) = (Vec::new(), Vec::new());
    for (row, mut others) in found {
        others.sort_by_key(|other| (other.created_at, other.id));
        others.dedup_by_key(|other| other.id);
        conflicts.extend(others.into_iter().map(|other| Conflict { identity: row.identity.clone(), other }));
        identities.push(row);
    }
    Ok(AccountWithIdentities { account, identities, conflicts })
}
