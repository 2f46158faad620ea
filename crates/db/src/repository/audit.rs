//! The audit trail: read by its port, written by the transactions whose effect it names.

use async_trait::async_trait;
use diesel::prelude::{ExpressionMethods, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;
use saoma_domain::{
    account::AccountId,
    ports::{AuditEntry, AuditTrail, StoreError},
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

/// Writes an entry, in the transaction of its effect.
pub(super) async fn record(connection: &mut Connection, entry: &AuditEntry) -> Result<(), Failure> {
    diesel::insert_into(audit::table).values(NewAuditRow::new(entry)).execute(connection).await?;
    Ok(())
}
