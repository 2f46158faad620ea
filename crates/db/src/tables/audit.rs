//! Rows of the audit trail.

use diesel::{
    BoolExpressionMethods, QueryResult,
    dsl::exists,
    prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper},
};
use saoma_domain::{
    account::AccountId,
    login::LoginId,
    ports::{AuditEntry, AuditFilter, AuditKind, AuditNote, AuditRecord},
    rules::rows::{AuditChainRow, AuditRows, Rejected, RowResult, SealedRecord},
    text::hex,
    time::Timestamp,
};

use super::{
    super::dialect::{BYTES, Backend, NO_BYTES, ROWS_A_STATEMENT, RunQueryDsl},
    rows::SqlRows,
};
use crate::{
    columns::{AuditChainColumns, AuditColumns, CHAIN, number},
    schema::{audit, audit_chain},
};

impl AuditRows for SqlRows<'_> {
    async fn insert_audit_note(&mut self, note: &AuditNote) -> RowResult<()> {
        self.deferred.trail.push(note.clone());
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

    async fn audit_records(
        &mut self,
        filter: &AuditFilter,
        before: Option<i64>,
        at_most: u32,
    ) -> RowResult<Vec<AuditRecord>> {
        // No index begins with the kind: what is rare is found among a million entries in a fraction of a second, and each
        // login would pay for the index.
        let mut query = audit::table.select(AuditColumns::as_select()).into_boxed::<Backend>();
        if let Some(account) = filter.account {
            query = query.filter(audit::account_id.eq(account.to_string()));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(audit::kind.eq(kind.as_str()));
        }
        if let Some(before) = before {
            query = query.filter(audit::id.lt(before));
        }
        let query = query.order(audit::id.desc()).limit(at_most.into());
        let found: QueryResult<Vec<AuditColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(AuditColumns::into_record).collect()
    }

    async fn unsealed_audit(&mut self, at_most: u32) -> RowResult<Vec<AuditRecord>> {
        let query =
            audit::table.filter(audit::seq.is_null()).order(audit::id).select(AuditColumns::as_select());
        let query = at_most!(query, at_most.into());
        let found: QueryResult<Vec<AuditColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(AuditColumns::into_record).collect()
    }

    async fn sealed_audit(&mut self, after: u64, at_most: u32) -> RowResult<Vec<AuditRecord>> {
        let query = audit::table
            .filter(audit::seq.gt(number(after)))
            .order(audit::seq)
            .select(AuditColumns::as_select());
        let query = at_most!(query, at_most.into());
        let found: QueryResult<Vec<AuditColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(AuditColumns::into_record).collect()
    }

    async fn forget_audit_clients(&mut self, account: AccountId, logins: &[LoginId]) -> RowResult<()> {
        let nothing = || {
            (
                audit::ip.eq(None::<String>),
                audit::user_agent.eq(None::<String>),
                audit::client_salt.eq(None::<Vec<u8>>),
            )
        };
        let of_account = audit::table.filter(audit::account_id.eq(account.to_string()));
        let updated = diesel::update(of_account).set(nothing()).execute(self.writing().await?).await;
        self.answer(updated)?;
        let ids = logins.iter().map(LoginId::to_string);
        let of_logins = audit::table.filter(audit::account_id.eq("").and(audit::login_id.eq_any(ids)));
        let updated = diesel::update(of_logins).set(nothing()).execute(self.writing().await?).await;
        self.answer(updated).map(drop)
    }

    async fn seal_audit(&mut self, seals: &[SealedRecord]) -> RowResult<()> {
        for seals in seals.chunks(ROWS_A_STATEMENT) {
            let statement = diesel::sql_query(sealing(seals));
            let updated = statement.execute(self.writing().await?).await;
            if self.answer(updated)? != seals.len() {
                return Err(Rejected::Raced);
            }
        }
        Ok(())
    }

    async fn remove_audit_until(&mut self, seq: u64) -> RowResult<()> {
        let old = audit::table.filter(audit::seq.le(number(seq)));
        let removed = diesel::delete(old).execute(self.writing().await?).await;
        self.answer(removed).map(drop)
    }

    async fn audit_chain(&mut self) -> RowResult<Option<AuditChainRow>> {
        let query = audit_chain::table.find(CHAIN).select(AuditChainColumns::as_select());
        let found: QueryResult<AuditChainColumns> = query.get_result(self.reading().await?).await;
        self.answer(found.optional())?.map(AuditChainColumns::into_row).transpose()
    }

    async fn save_audit_chain(&mut self, row: &AuditChainRow, read: Option<&AuditChainRow>) -> RowResult<()> {
        let columns = AuditChainColumns::of(row);
        let Some(read) = read else {
            let insert = diesel::insert_into(audit_chain::table).values(columns);
            let inserted = insert.execute(self.writing().await?).await;
            return self.answer(inserted).map(drop);
        };
        let as_read = audit_chain::table.find(CHAIN).filter(
            audit_chain::head_seq
                .eq(number(read.chain.head.seq))
                .and(audit_chain::anchor_seq.eq(number(read.chain.anchor.seq)))
                .and(audit_chain::sealer_until.eq(read.sealer_until.as_millis())),
        );
        let updated = diesel::update(as_read).set(columns).execute(self.writing().await?).await;
        self.changed_one(updated)
    }
}

/// Writes the statement that seals records. It has numbers and hexadecimal digits for its values, which are the same text in any
/// database but for how bytes are written.
fn sealing(seals: &[SealedRecord]) -> String {
    let bytes =
        |bytes: Option<&[u8]>| bytes.map_or(NO_BYTES.to_owned(), |bytes| BYTES.replace("{}", &hex(bytes)));
    let column = |name: &str, value: &dyn Fn(&SealedRecord) -> String| {
        let cases: Vec<_> =
            seals.iter().map(|seal| format!("WHEN {} THEN {}", seal.id, value(seal))).collect();
        format!("{name} = CASE id {} END", cases.join(" "))
    };
    let columns = [
        column("seq", &|seal| number(seal.seal.seq).to_string()),
        column("hash", &|seal| bytes(Some(&seal.seal.hash))),
        column("client_salt", &|seal| {
            bytes(seal.client.and_then(|client| client.salt).as_ref().map(<[u8; 16]>::as_slice))
        }),
        column("client_digest", &|seal| bytes(seal.client.as_ref().map(|client| client.digest.as_slice()))),
    ];
    let ids: Vec<_> = seals.iter().map(|seal| seal.id.to_string()).collect();
    format!("UPDATE saoma_audit SET {} WHERE id IN ({}) AND seq IS NULL", columns.join(", "), ids.join(", "))
}
