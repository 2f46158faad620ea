//! Accounts that are one person's: finding them, and writing them into the trail.

use diesel::{
    BoolExpressionMethods, NullableExpressionMethods,
    prelude::{ExpressionMethods, JoinOnDsl, QueryDsl, SelectableHelper},
};
use diesel_async::RunQueryDsl;
use saoma_domain::{
    account::{AccountId, Conflict},
    login::LoginId,
    ports::{AuditEntry, AuditKind},
    time::Timestamp,
    wechat::UnionId,
};

use super::{Connection, audit, identities};
use crate::{
    failure::Failure,
    rows::{AccountRow, IdentityRow},
    schema::{accounts, identities as ids},
};

/// How many conflicts a list has at the most.
const LISTED: i64 = 100;

/// Lists an account's identities that are known to other accounts, with those.
pub(super) async fn of_account(
    connection: &mut Connection,
    account: AccountId,
) -> Result<Vec<Conflict>, Failure> {
    let theirs = diesel::alias!(ids as theirs);
    let same_person = theirs
        .field(ids::unionid)
        .eq(ids::unionid)
        .and(theirs.field(ids::open_account).eq(ids::open_account));
    let query = ids::table
        .inner_join(theirs.on(same_person))
        .inner_join(accounts::table.on(theirs.field(ids::account_id).eq(accounts::id.nullable())))
        .filter(ids::account_id.eq(account.to_string()))
        .filter(accounts::id.ne(account.to_string()))
        .distinct()
        .order((ids::created_at, ids::id, accounts::created_at, accounts::id))
        .limit(LISTED)
        .select((IdentityRow::as_select(), AccountRow::as_select()));
    let rows: Vec<(IdentityRow, AccountRow)> = query.load(connection).await?;
    let conflict = |(identity, other): (IdentityRow, AccountRow)| -> Result<_, Failure> {
        Ok(Conflict { identity: identity.into_domain()?, other: other.into_domain()? })
    };
    rows.into_iter().map(conflict).collect()
}

/// Writes into the trails of an account and of all others of the same person that they are, if there are any.
pub(super) async fn note(
    connection: &mut Connection,
    account: AccountId,
    union: &UnionId,
    login: LoginId,
    at: Timestamp,
) -> Result<(), Failure> {
    let mut concerned: Vec<AccountId> = Vec::new();
    for other in identities::of_union(connection, union).await?.into_iter().filter_map(|other| other.account)
    {
        if other != account && !concerned.contains(&other) {
            concerned.push(other);
        }
    }
    if !concerned.is_empty() {
        concerned.insert(0, account);
    }
    for account in concerned {
        let entry = AuditEntry { at, kind: AuditKind::ConflictFound, account, login: Some(login) };
        audit::record(connection, &entry).await?;
    }
    Ok(())
}
