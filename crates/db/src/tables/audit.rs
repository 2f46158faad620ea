//! Rows of the audit trail.

use diesel::{
    BoolExpressionMethods, QueryResult,
    dsl::exists,
    prelude::{ExpressionMethods, QueryDsl, SelectableHelper},
};
use saoma_domain::{
    account::AccountId,
    ports::{AuditEntry, AuditKind},
    rules::rows::{AuditRows, RowResult},
    time::Timestamp,
};

use super::{super::dialect::RunQueryDsl, rows::SqlRows};
use crate::{columns::AuditColumns, schema::audit};

impl AuditRows for SqlRows<'_> {
    async fn insert_audit(&mut self, entry: &AuditEntry) -> RowResult<()> {
        self.deferred.trail.push(entry.clone());
        Ok(())
    }

    async fn has_audit_since(
        &mut self,
        account: AccountId,
        kinds: &[AuditKind],
        since: Timestamp,
    ) -> RowResult<bool> {
        let entries = audit::table
            .filter(audit::account_id.eq(account.to_string()).and(audit::at.ge(since.as_millis())));
        let has_some = match kinds {
            // Every login asks for one kind. Diesel keeps this query prepared, and none with a list.
            [kind] => {
                let entries = entries.filter(audit::kind.eq(kind.as_str()));
                diesel::select(exists(entries)).get_result(self.reading().await?).await
            }
            kinds => {
                let entries = entries.filter(audit::kind.eq_any(kinds.iter().map(|kind| kind.as_str())));
                diesel::select(exists(entries)).get_result(self.reading().await?).await
            }
        };
        self.answer(has_some)
    }

    async fn audit_of_account(&mut self, account: AccountId, limit: u32) -> RowResult<Vec<AuditEntry>> {
        let query = audit::table
            .filter(audit::account_id.eq(account.to_string()))
            .order((audit::at, audit::id))
            .select(AuditColumns::as_select());
        let query = at_most!(query, limit.into());
        let entries: QueryResult<Vec<AuditColumns>> = query.load(self.reading().await?).await;
        self.answer(entries)?.into_iter().map(AuditColumns::into_entry).collect()
    }
}
