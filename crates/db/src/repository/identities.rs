//! Identities: finding a person's, and binding them to accounts.

use diesel::{
    BoolExpressionMethods,
    prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper},
};
use diesel_async::RunQueryDsl;
use saoma_domain::{
    account::{AccountId, Identity, IdentityId},
    login::LoginId,
    ports::{AuditEntry, AuditKind, LOGIN_KEPT_FOR},
    time::Timestamp,
    wechat::{AppName, OpenId, UnionId},
};

use super::{Connection, audit};
use crate::{
    failure::Failure,
    rows::{IdentityChange, IdentityRow},
    schema::identities,
};

/// Finds the identity of a person within an app.
pub(super) async fn of_person(
    connection: &mut Connection,
    app: &AppName,
    openid: &OpenId,
) -> Result<Option<Identity>, Failure> {
    let query = identities::table
        .filter(identities::app.eq(app.as_str()).and(identities::openid.eq(openid.as_str())))
        .select(IdentityRow::as_select());
    let row = query.first(connection).await.optional()?;
    Ok(row.map(IdentityRow::into_domain).transpose()?)
}

/// Finds an identity by its id.
pub(super) async fn by_id(connection: &mut Connection, id: IdentityId) -> Result<Option<Identity>, Failure> {
    let query = identities::table.filter(identities::id.eq(id.to_string())).select(IdentityRow::as_select());
    let row = query.first(connection).await.optional()?;
    Ok(row.map(IdentityRow::into_domain).transpose()?)
}

/// Lists the identities bound to an account, the oldest first.
pub(super) async fn of_account(
    connection: &mut Connection,
    account: AccountId,
) -> Result<Vec<Identity>, Failure> {
    let query = identities::table
        .filter(identities::account_id.eq(account.to_string()))
        .order((identities::created_at, identities::id))
        .select(IdentityRow::as_select());
    let rows: Vec<IdentityRow> = query.load(connection).await?;
    Ok(rows.into_iter().map(IdentityRow::into_domain).collect::<Result<_, _>>()?)
}

/// Lists the bound identities of a person within an open-platform account, the longest bound first.
pub(super) async fn of_union(connection: &mut Connection, union: &UnionId) -> Result<Vec<Identity>, Failure> {
    let is_theirs = identities::unionid
        .eq(union.unionid.as_str())
        .and(identities::open_account.eq(union.open_account.as_str()));
    let query = identities::table
        .filter(is_theirs.and(identities::account_id.is_not_null()))
        .order((identities::linked_at, identities::id))
        .select(IdentityRow::as_select());
    let rows: Vec<IdentityRow> = query.load(connection).await?;
    Ok(rows.into_iter().map(IdentityRow::into_domain).collect::<Result<_, _>>()?)
}

/// Writes down what has become known about an identity.
pub(super) async fn change(
    connection: &mut Connection,
    identity: IdentityId,
    change: &IdentityChange,
) -> Result<(), Failure> {
    let row = identities::table.filter(identities::id.eq(identity.to_string()));
    diesel::update(row).set(change).execute(connection).await?;
    Ok(())
}

/// Keeps an identity without an account as long as a login that needs it; one that was removed or bound
/// meanwhile is a lost race.
pub(super) async fn keep(
    connection: &mut Connection,
    identity: IdentityId,
    prune_at: i64,
) -> Result<(), Failure> {
    let row = identities::table.filter(identities::id.eq(identity.to_string()));
    let kept_until: Option<Option<i64>> =
        row.clone().select(identities::prune_at).first(connection).await.optional()?;
    let Some(Some(kept_until)) = kept_until else { return Err(Failure::Raced) };
    let unmoved = row.filter(identities::prune_at.eq(kept_until));
    let change = identities::prune_at.eq(kept_until.max(prune_at));
    match diesel::update(unmoved).set(change).execute(connection).await? {
        1 => Ok(()),
        _ => Err(Failure::Raced),
    }
}

/// Returns whether an account has a user of an app who is not the identity itself.
///
/// Itself it can be, since every statement sees what was committed before it: then somebody has just bound the
/// identity, and [`attach`] finds the race to be lost.
pub(super) async fn has_another_user(
    connection: &mut Connection,
    account: AccountId,
    app: &AppName,
    identity: IdentityId,
) -> Result<bool, Failure> {
    let query = identities::table
        .filter(identities::account_id.eq(account.to_string()).and(identities::app.eq(app.as_str())))
        .filter(identities::id.ne(identity.to_string()))
        .select(identities::id);
    Ok(query.first::<String>(connection).await.optional()?.is_some())
}

/// Binds an identity that has no account to one, and writes it into the trail; an identity that was bound
/// meanwhile is a lost race.
pub(super) async fn attach(
    connection: &mut Connection,
    identity: IdentityId,
    account: AccountId,
    login: LoginId,
    at: Timestamp,
) -> Result<(), Failure> {
    let unbound = identities::table
        .filter(identities::id.eq(identity.to_string()).and(identities::account_id.is_null()));
    let change = (
        identities::account_id.eq(account.to_string()),
        identities::linked_at.eq(at.as_millis()),
        identities::prune_at.eq(None::<i64>),
    );
    if diesel::update(unbound).set(change).execute(connection).await? != 1 {
        return Err(Failure::Raced);
    }
    let entry = AuditEntry { at, kind: AuditKind::IdentityLinked, account, login: Some(login) };
    audit::record(connection, &entry).await
}

/// Takes an identity from its account, to be kept for as long as a login that may still need it; one that was
/// taken from it meanwhile is a lost race.
pub(super) async fn detach(
    connection: &mut Connection,
    identity: IdentityId,
    account: AccountId,
    at: Timestamp,
) -> Result<(), Failure> {
    let bound = identities::table
        .filter(identities::id.eq(identity.to_string()).and(identities::account_id.eq(account.to_string())));
    let change = (
        identities::account_id.eq(None::<String>),
        identities::linked_at.eq(None::<i64>),
        identities::prune_at.eq(at.plus(LOGIN_KEPT_FOR).as_millis()),
    );
    match diesel::update(bound).set(change).execute(connection).await? {
        1 => Ok(()),
        _ => Err(Failure::Raced),
    }
}
