//! Sealing the audit trail: records are chained by hash, after their commit, by one node at a time. So no login waits for
//! another's record, and a record that is changed, removed, inserted or moved later is found.

use std::time::Duration;

use async_trait::async_trait;

use super::{
    outbox::tell,
    rows::{AuditChainRow, AuditRows, RowResult, SealedRecord},
    transactions::Transactions,
};
use crate::{
    account::AccountId,
    actor::Actor,
    digest::hash_of_parts,
    event::{Event, EventKind},
    login::{ClientInfo, LoginId},
    ports::{
        AuditChain, AuditDamage, AuditEntry, AuditFilter, AuditKind, AuditNote, AuditRecord, AuditSeal,
        AuditTrail, ClientSeal, StoreError,
    },
    time::Timestamp,
};

/// How many records one transaction seals at the most.
pub const AUDIT_SEALED_AT_ONCE: u32 = 200;

/// For so long the node that sealed last is the one that seals.
pub const AUDIT_LEASE: Duration = Duration::from_secs(10);

/// How many records are read at once to be verified.
const VERIFIED_AT_ONCE: u32 = 500;

/// How many damages are told at the most.
const MOST_DAMAGES: usize = 100;

#[async_trait]
impl<X: Transactions> AuditTrail for X {
    async fn entries(&self, account: AccountId, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let wanted = (account, limit);
        self.read(wanted, |rows, (account, limit)| Box::pin(rows.audit_of_account(*account, *limit))).await
    }

    async fn write_note(&self, note: AuditNote) -> Result<(), StoreError> {
        self.run(note.plain(), |rows, note| Box::pin(write_note(rows, note))).await
    }

    async fn records(
        &self,
        filter: AuditFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRecord>, StoreError> {
        let wanted = (filter, before, limit);
        let read = self.read(wanted, |rows, (filter, before, limit)| {
            Box::pin(rows.audit_records(filter, *before, *limit))
        });
        read.await
    }

    async fn seal(
        &self,
        node: &str,
        now: Timestamp,
        seed: [u8; 32],
    ) -> Result<Option<(u32, AuditChain)>, StoreError> {
        let turn = (node.to_owned(), now, seed);
        self.run(turn, |rows, (node, now, seed)| Box::pin(seal_records(rows, node, *now, seed))).await
    }

    async fn verify_chain(&self) -> Result<(u64, Vec<AuditDamage>), StoreError> {
        let row = self.read((), |rows, ()| Box::pin(rows.audit_chain())).await?;
        let start = AuditChain { anchor: AuditSeal::START, head: AuditSeal::START };
        let chain = row.map_or(start, |row| row.chain);
        let mut checked = Checked { last: chain.anchor, records: 0, damages: Vec::new() };
        loop {
            let page = self
                .read(checked.last.seq, |rows, after| Box::pin(rows.sealed_audit(*after, VERIFIED_AT_ONCE)));
            let page = page.await?;
            if page.is_empty() || checked.damages.len() >= MOST_DAMAGES {
                break;
            }
            page.iter().for_each(|record| checked.look_at(record, chain.head));
        }
        checked.end(chain.head);
        Ok((checked.records, checked.damages))
    }

    async fn forget_before(&self, moment: Timestamp) -> Result<u32, StoreError> {
        self.run(moment, |rows, moment| Box::pin(forget_before(rows, *moment))).await
    }
}

async fn write_note(rows: &mut impl AuditRows, note: &AuditNote) -> RowResult<()> {
    rows.insert_audit_note(note).await?;
    if note.kind != AuditKind::LoginSuspected {
        return Ok(());
    }
    let AuditNote { account, login, outcome, .. } = note.clone();
    let event = Event::new(EventKind::LoginSuspected, note.at);
    tell(rows, Event { account, login, detail: outcome, ..event }).await
}

async fn seal_records(
    rows: &mut impl AuditRows,
    node: &str,
    now: Timestamp,
    seed: &[u8; 32],
) -> RowResult<Option<(u32, AuditChain)>> {
    let read = rows.audit_chain().await?;
    let is_anothers = |row: &AuditChainRow| row.sealer != node && now < row.sealer_until;
    if read.as_ref().is_some_and(is_anothers) {
        return Ok(None);
    }
    let start = AuditChain { anchor: AuditSeal::START, head: AuditSeal::START };
    let mut chain = read.as_ref().map_or(start, |row| row.chain);
    let unsealed = rows.unsealed_audit(AUDIT_SEALED_AT_ONCE).await?;
    let mut seals = Vec::new();
    for record in &unsealed {
        let client = client_seal(record, seed);
        chain.head = next_seal(&chain.head, &record.note, client.as_ref());
        seals.push(SealedRecord { id: record.id, seal: chain.head, client });
    }
    if !seals.is_empty() {
        rows.seal_audit(&seals).await?;
    }
    let has_lease =
        read.as_ref().is_some_and(|row| row.sealer == node && now.plus(AUDIT_LEASE / 2) < row.sealer_until);
    if !unsealed.is_empty() || !has_lease {
        let row = AuditChainRow { chain, sealer: node.to_owned(), sealer_until: now.plus(AUDIT_LEASE) };
        rows.save_audit_chain(&row, read.as_ref()).await?;
    }
    Ok(Some((u32::try_from(unsealed.len()).unwrap_or(AUDIT_SEALED_AT_ONCE), chain)))
}

async fn forget_before(rows: &mut impl AuditRows, moment: Timestamp) -> RowResult<u32> {
    let Some(read) = rows.audit_chain().await? else { return Ok(0) };
    let oldest = rows.sealed_audit(read.chain.anchor.seq, AUDIT_SEALED_AT_ONCE).await?;
    let old: Vec<_> = oldest.into_iter().take_while(|record| record.note.at < moment).collect();
    let Some(anchor) = old.last().and_then(|record| record.seal) else { return Ok(0) };
    rows.remove_audit_until(anchor.seq).await?;
    let row = AuditChainRow { chain: AuditChain { anchor, ..read.chain }, ..read.clone() };
    rows.save_audit_chain(&row, Some(&read)).await?;
    Ok(u32::try_from(old.len()).unwrap_or(AUDIT_SEALED_AT_ONCE))
}

/// What was looked at so far.
struct Checked {
    /// The place that was looked at last, with the hash that stands there.
    last: AuditSeal,
    records: u64,
    damages: Vec<AuditDamage>,
}

impl Checked {
    fn look_at(&mut self, record: &AuditRecord, head: AuditSeal) {
        let Some(seal) = record.seal else { return };
        self.records += 1;
        let expected = self.last.seq.saturating_add(1);
        if seal.seq > head.seq {
            self.damages.push(AuditDamage::Foreign(seal.seq));
        } else if seal.seq > expected {
            self.damages.push(AuditDamage::Missing(expected, seal.seq.saturating_sub(1)));
        } else if next_seal(&self.last, &record.note, record.client_seal.as_ref()) != seal
            || !is_client_as_sealed(record)
        {
            self.damages.push(AuditDamage::Changed(seal.seq));
        }
        self.last = seal;
    }

    fn end(&mut self, head: AuditSeal) {
        if self.last.seq < head.seq {
            self.damages.push(AuditDamage::Missing(self.last.seq.saturating_add(1), head.seq));
        } else if self.damages.is_empty() && self.last != head {
            self.damages.push(AuditDamage::Head);
        }
        self.damages.truncate(MOST_DAMAGES);
    }
}

/// Makes the seal of where a record came from, if that is known.
fn client_seal(record: &AuditRecord, seed: &[u8; 32]) -> Option<ClientSeal> {
    let client = &record.note.client;
    if *client == ClientInfo::default() {
        return None;
    }
    let mut salt = [0; 16];
    let drawn = hash_of_parts("audit salt", &[seed, &record.id.to_be_bytes()]);
    salt.iter_mut().zip(drawn).for_each(|(to, from)| *to = from);
    Some(ClientSeal { salt: Some(salt), digest: client_digest(&salt, client) })
}

fn client_digest(salt: &[u8; 16], client: &ClientInfo) -> [u8; 32] {
    hash_of_parts("audit client", &[salt, client.ip.as_bytes(), client.user_agent.as_bytes()])
}

/// Returns whether a record says the same of where it came from as when it was sealed, or nothing any more.
fn is_client_as_sealed(record: &AuditRecord) -> bool {
    let client = &record.note.client;
    match record.client_seal {
        Some(ClientSeal { salt: Some(salt), digest }) => client_digest(&salt, client) == digest,
        Some(ClientSeal { salt: None, .. }) | None => *client == ClientInfo::default(),
    }
}

/// Returns the place behind another one: its hash covers that of the place before, and everything that the note says; where it
/// came from by its digest.
fn next_seal(before: &AuditSeal, note: &AuditNote, client: Option<&ClientSeal>) -> AuditSeal {
    let seq = before.seq.saturating_add(1);
    let text = |value: Option<String>| value.unwrap_or_default().into_bytes();
    let parts = [
        before.hash.to_vec(),
        seq.to_be_bytes().to_vec(),
        note.at.as_millis().to_be_bytes().to_vec(),
        note.kind.as_str().as_bytes().to_vec(),
        text(note.account.map(|id| id.to_string())),
        text(note.login.as_ref().map(LoginId::to_string)),
        text(note.actor.as_ref().map(Actor::to_text)),
        client.map(|client| client.digest.to_vec()).unwrap_or_default(),
        text(note.outcome.clone()),
        text(note.detail.clone()),
    ];
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    AuditSeal { seq, hash: hash_of_parts("audit", &parts) }
}
