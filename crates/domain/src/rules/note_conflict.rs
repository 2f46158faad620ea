//! Noting a conflict: accounts that turn out to be one person's.

use super::rows::{AuditRows, IdentityRows, RowResult};
use crate::{
    account::AccountId,
    login::LoginId,
    ports::{AuditEntry, AuditKind},
    time::Timestamp,
    wechat::UnionId,
};

/// Writes into the trail of an account, and of every other account with an identity of the same unionid, that they
/// are one person's; writes nothing where there is no other account.
pub(super) async fn note_conflict(
    rows: &mut (impl IdentityRows + AuditRows),
    account: AccountId,
    union: &UnionId,
    login: LoginId,
    at: Timestamp,
) -> RowResult<()> {
    let mut concerned = accounts_of_union(rows, union).await?;
    concerned.retain(|other| *other != account);
    if !concerned.is_empty() {
        concerned.insert(0, account);
    }
    for account in concerned {
        let entry = AuditEntry { at, kind: AuditKind::ConflictFound, account, login: Some(login) };
        rows.insert_audit(&entry).await?;
    }
    Ok(())
}

/// Lists the accounts of a person within an open-platform account, the longest linked first, each once.
pub(super) async fn accounts_of_union(
    rows: &mut impl IdentityRows,
    union: &UnionId,
) -> RowResult<Vec<AccountId>> {
    let mut accounts = Vec::new();
    let linked = rows.linked_identities_of_union(union).await?;
    for account in linked.into_iter().filter_map(|row| row.identity.account) {
        if !accounts.contains(&account) {
            accounts.push(account);
        }
    }
    Ok(accounts)
}
