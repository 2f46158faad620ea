//! The audit trail: read by its port, written by the transactions whose effect it names.

use async_trait::async_trait;
use diesel::{
    BoolExpressionMethods,
    prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper},
};
use diesel_async::RunQueryDsl;
use saoma_domain::{
    account::AccountId,
    ports::{AuditEntry, AuditKind, AuditTrail, StoreError},
    time::Timestamp,
};

use super::{Connection, Repository};
use crate::{
    failure::Failure,
    rows::{AuditRow, NewAuditRow},
    schema::audit,
};

#[async_trait]
impl AuditTrail for Repository {
    async fn entries(&self, account: AccountId, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let wanted = (account, limit);
        let rows = self
            .query(wanted, |connection, (account, limit)| Box::pin(rows(connection, *account, *limit)))
            .await?;
        rows.into_iter().map(AuditRow::into_domain).collect()
    }
}

async fn rows(connection: &mut Connection, account: AccountId, limit: u32) -> Result<Vec<AuditRow>, Failure> {
    let query = audit::table
        .filter(audit::account_id.eq(account.to_string()))
        .order((audit::at, audit::id))
        .limit(limit.into())
        .select(AuditRow::as_select());
    Ok(query.load(connection).await?)
}

/// Returns whether an account's trail has an entry of these kinds from a moment on.
pub(super) async fn has_happened_since(
    connection: &mut Connection,
    account: AccountId,
    kinds: &[AuditKind],
    since: Timestamp,
) -> Result<bool, Failure> {
    let entries = audit::table
        .filter(audit::account_id.eq(account.to_string()).and(audit::at.ge(since.as_millis())))
        .filter(audit::kind.eq_any(kinds.iter().map(|kind| kind.as_str())))
        .select(audit::id);
    Ok(entries.first::<i64>(connection).await.optional()?.is_some())
}

/// Writes an entry, in the transaction of its effect.
pub(super) async fn record(connection: &mut Connection, entry: &AuditEntry) -> Result<(), Failure> {
    diesel::insert_into(audit::table).values(NewAuditRow::new(entry)).execute(connection).await?;
    Ok(())
}
