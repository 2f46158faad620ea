//! Columns of the audit trail.

use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use saoma_domain::{
    account::AccountId,
    actor::Actor,
    login::{ClientInfo, LoginId},
    ports::{AuditChain, AuditEntry, AuditKind, AuditNote, AuditRecord, AuditSeal, ClientSeal},
    rules::rows::{AuditChainRow, RowResult},
    time::Timestamp,
};

use super::corrupt::corrupt;
use crate::schema::{audit, audit_chain};

/// The name of the only chain.
pub(crate) const CHAIN: &str = "audit";

/// A note to write; the database numbers the records in their order.
#[derive(Insertable)]
#[diesel(table_name = audit, treat_none_as_default_value = false)]
pub(crate) struct NewAuditColumns {
    pub(crate) at: i64,
    pub(crate) kind: &'static str,
    pub(crate) account_id: String,
    pub(crate) login_id: Option<String>,
    pub(crate) actor: Option<String>,
    pub(crate) ip: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) outcome: Option<String>,
    pub(crate) detail: Option<String>,
}

impl NewAuditColumns {
    pub(crate) fn of(note: &AuditNote) -> Self {
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Self {
            at: note.at.as_millis(),
            kind: note.kind.as_str(),
            account_id: note.account.map(|id| id.to_string()).unwrap_or_default(),
            login_id: note.login.map(|login| login.to_string()),
            actor: note.actor.as_ref().map(Actor::to_text),
            ip: given(&note.client.ip),
            user_agent: given(&note.client.user_agent),
            outcome: note.outcome.clone(),
            detail: note.detail.clone(),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit)]
pub(crate) struct AuditColumns {
    id: i64,
    at: i64,
    kind: String,
    account_id: String,
    login_id: Option<String>,
    actor: Option<String>,
    ip: Option<String>,
    user_agent: Option<String>,
    outcome: Option<String>,
    detail: Option<String>,
    seq: Option<i64>,
    hash: Option<Vec<u8>>,
    client_salt: Option<Vec<u8>>,
    client_digest: Option<Vec<u8>>,
}

impl AuditColumns {
    pub(crate) fn into_entry(self) -> RowResult<AuditEntry> {
        let id = self.id.to_string();
        let AuditNote { at, kind, account, login, .. } = self.into_record()?.note;
        let account = account.ok_or_else(|| corrupt("audit", "account_id", &id))?;
        Ok(AuditEntry { at, kind, account, login })
    }

    pub(crate) fn into_record(self) -> RowResult<AuditRecord> {
        let wrong = |column| corrupt("audit", column, &self.id.to_string());
        let login = match &self.login_id {
            Some(id) => Some(LoginId::from_store(id).ok_or_else(|| wrong("login_id"))?),
            None => None,
        };
        let account = match self.account_id.as_str() {
            "" => None,
            id => Some(AccountId::parse(id).ok_or_else(|| wrong("account_id"))?),
        };
        let actor = match &self.actor {
            Some(text) => Some(Actor::parse(text).ok_or_else(|| wrong("actor"))?),
            None => None,
        };
        let seal = match (self.seq, &self.hash) {
            (Some(seq), Some(hash)) => Some(seal(seq, hash).ok_or_else(|| wrong("hash"))?),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(wrong("seq")),
        };
        let client_seal = match (&self.client_digest, &self.client_salt) {
            (None, None) => None,
            (Some(digest), salt) => {
                Some(client_seal(digest, salt.as_deref()).ok_or_else(|| wrong("client_digest"))?)
            }
            (None, Some(_)) => return Err(wrong("client_salt")),
        };
        let note = AuditNote {
            at: Timestamp::from_millis(self.at),
            kind: AuditKind::parse(&self.kind).ok_or_else(|| wrong("kind"))?,
            account,
            login,
            actor,
            client: ClientInfo {
                ip: self.ip.unwrap_or_default(),
                user_agent: self.user_agent.unwrap_or_default(),
            },
            outcome: self.outcome,
            detail: self.detail,
        };
        Ok(AuditRecord { id: self.id, note, seal, client_seal })
    }
}

fn seal(seq: i64, hash: &[u8]) -> Option<AuditSeal> {
    Some(AuditSeal { seq: u64::try_from(seq).ok()?, hash: hash.try_into().ok()? })
}

fn client_seal(digest: &[u8], salt: Option<&[u8]>) -> Option<ClientSeal> {
    let salt = salt.map(|salt| salt.try_into().ok());
    Some(ClientSeal {
        salt: salt.map_or(Some(None), |salt: Option<[u8; 16]>| salt.map(Some))?,
        digest: digest.try_into().ok()?,
    })
}

/// The ends of the chain.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = audit_chain, primary_key(name))]
pub(crate) struct AuditChainColumns {
    name: String,
    anchor_seq: i64,
    anchor_hash: Vec<u8>,
    head_seq: i64,
    head_hash: Vec<u8>,
    sealer: String,
    sealer_until: i64,
}

impl AuditChainColumns {
    pub(crate) fn of(row: &AuditChainRow) -> Self {
        let AuditChain { anchor, head } = row.chain;
        Self {
            name: CHAIN.to_owned(),
            anchor_seq: number(anchor.seq),
            anchor_hash: anchor.hash.to_vec(),
            head_seq: number(head.seq),
            head_hash: head.hash.to_vec(),
            sealer: row.sealer.clone(),
            sealer_until: row.sealer_until.as_millis(),
        }
    }

    pub(crate) fn into_row(self) -> RowResult<AuditChainRow> {
        let wrong = |column| corrupt("audit_chain", column, CHAIN);
        Ok(AuditChainRow {
            chain: AuditChain {
                anchor: seal(self.anchor_seq, &self.anchor_hash).ok_or_else(|| wrong("anchor_hash"))?,
                head: seal(self.head_seq, &self.head_hash).ok_or_else(|| wrong("head_hash"))?,
            },
            sealer_until: Timestamp::from_millis(self.sealer_until),
            sealer: self.sealer,
        })
    }
}

/// Returns a place as the database keeps it.
pub(crate) fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
