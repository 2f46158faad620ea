//! Rows of the audit trail.

use saoma_domain::{
    account::AccountId,
    login::{ClientInfo, LoginId},
    ports::{AuditEntry, AuditFilter, AuditKind, AuditNote, AuditRecord, ClientSeal},
    rules::rows::{AuditChainRow, AuditRows, RowResult, SealedRecord},
    time::Timestamp,
};

use super::{MemoryRows, unless_raced};

impl AuditRows for MemoryRows<'_> {
    async fn insert_audit_note(&mut self, note: &AuditNote) -> RowResult<()> {
        let tables = self.tables();
        tables.last_audit += 1;
        let id = tables.last_audit;
        unless_raced(
            tables.audit.insert(id, AuditRecord { id, note: note.clone(), seal: None, client_seal: None }),
        )
    }

    async fn has_audit_since(
        &mut self,
        account: AccountId,
        kinds: &[AuditKind],
        since: Timestamp,
    ) -> RowResult<bool> {
        let mut notes = self.tables().audit.rows().map(|record| &record.note);
        Ok(notes.any(|note| note.account == Some(account) && note.at >= since && kinds.contains(&note.kind)))
    }

    async fn audit_of_account(&mut self, account: AccountId, limit: u32) -> RowResult<Vec<AuditEntry>> {
        let notes = self.tables().audit.rows().map(|record| &record.note);
        let of_account = notes.filter(|note| note.account == Some(account));
        let entry =
            |note: &AuditNote| AuditEntry { at: note.at, kind: note.kind, account, login: note.login };
        let mut entries: Vec<_> = of_account.map(entry).collect();
        entries.sort_by_key(|entry| entry.at);
        entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(entries)
    }

    async fn audit_records(
        &mut self,
        filter: &AuditFilter,
        before: Option<i64>,
        at_most: u32,
    ) -> RowResult<Vec<AuditRecord>> {
        let is_wanted = |record: &&AuditRecord| {
            filter.account.is_none_or(|account| record.note.account == Some(account))
                && filter.kind.is_none_or(|kind| record.note.kind == kind)
                && before.is_none_or(|before| record.id < before)
        };
        let mut found: Vec<_> = self.tables().audit.rows().filter(is_wanted).cloned().collect();
        found.reverse();
        found.truncate(usize::try_from(at_most).unwrap_or(usize::MAX));
        Ok(found)
    }

    async fn unsealed_audit(&mut self, at_most: u32) -> RowResult<Vec<AuditRecord>> {
        let unsealed = self.tables().audit.rows().filter(|record| record.seal.is_none());
        Ok(unsealed.take(usize::try_from(at_most).unwrap_or(usize::MAX)).cloned().collect())
    }

    async fn sealed_audit(&mut self, after: u64, at_most: u32) -> RowResult<Vec<AuditRecord>> {
        let seq = |record: &AuditRecord| record.seal.map_or(0, |seal| seal.seq);
        let mut sealed: Vec<_> =
            self.tables().audit.rows().filter(|record| seq(record) > after).cloned().collect();
        sealed.sort_by_key(seq);
        sealed.truncate(usize::try_from(at_most).unwrap_or(usize::MAX));
        Ok(sealed)
    }

    async fn seal_audit(&mut self, seals: &[SealedRecord]) -> RowResult<()> {
        let trail = &mut self.tables().audit;
        for SealedRecord { id, seal, client } in seals {
            let is_unsealed = |record: &AuditRecord| record.seal.is_none();
            let write = |record: &mut AuditRecord| {
                record.seal = Some(*seal);
                record.client_seal = *client;
            };
            unless_raced(trail.update(id, is_unsealed, write))?;
        }
        Ok(())
    }

    async fn forget_audit_clients(&mut self, account: AccountId, logins: &[LoginId]) -> RowResult<()> {
        let tables = self.tables();
        let is_theirs = |record: &AuditRecord| match (record.note.account, record.note.login) {
            (Some(of), _) => of == account,
            (None, Some(login)) => logins.contains(&login),
            (None, None) => false,
        };
        for id in tables.audit.keys_of(is_theirs).collect::<Vec<_>>() {
            unless_raced(tables.audit.update(
                &id,
                |_| true,
                |record| {
                    record.note.client = ClientInfo::default();
                    record.client_seal = record.client_seal.map(|seal| ClientSeal { salt: None, ..seal });
                },
            ))?;
        }
        Ok(())
    }

    async fn remove_audit_until(&mut self, seq: u64) -> RowResult<()> {
        let tables = self.tables();
        let is_old = |record: &AuditRecord| record.seal.is_some_and(|seal| seal.seq <= seq);
        for id in tables.audit.keys_of(is_old).collect::<Vec<_>>() {
            tables.audit.remove(&id);
        }
        Ok(())
    }

    async fn audit_chain(&mut self) -> RowResult<Option<AuditChainRow>> {
        Ok(self.tables().audit_chain.get(&()).cloned())
    }

    async fn save_audit_chain(&mut self, row: &AuditChainRow, read: Option<&AuditChainRow>) -> RowResult<()> {
        let chain = &mut self.tables().audit_chain;
        unless_raced(match read {
            Some(read) => chain.update(&(), |known| known == read, |known| *known = row.clone()),
            None => chain.insert((), row.clone()),
        })
    }
}
