//! Operations on the audit trail.

use proptest::prelude::*;
use saoma_domain::{
    account::AccountId,
    ports::{AuditEntry, AuditKind},
    rules::rows::{AuditRows, RowResult},
    time::Timestamp,
};

use super::{
    answer::Answer,
    pool::{ALL, account, login, moment},
};

#[derive(Clone, Debug)]
pub(super) enum TrailOperation {
    Insert(AuditEntry),
    HasSince(AccountId, Vec<AuditKind>, Timestamp),
    Read(AccountId, u32),
}

impl TrailOperation {
    pub(super) async fn apply(&self, rows: &mut impl AuditRows) -> RowResult<Answer> {
        Ok(match self {
            Self::Insert(entry) => rows.insert_audit(entry).await?.into(),
            Self::HasSince(account, kinds, since) => {
                Answer::Yes(rows.has_audit_since(*account, kinds, *since).await?)
            }
            Self::Read(account, limit) => Answer::Entries(rows.audit_of_account(*account, *limit).await?),
        })
    }

    pub(super) fn any() -> impl Strategy<Value = Self> {
        let of = || ALL.prop_map(account);
        let entry = (moment(), kind(), of(), prop::option::of(ALL.prop_map(login)))
            .prop_map(|(at, kind, account, login)| AuditEntry { at, kind, account, login });
        prop_oneof![
            4 => entry.prop_map(Self::Insert),
            2 => (of(), prop::collection::vec(kind(), 1..3), moment())
                .prop_map(|(of, kinds, since)| Self::HasSince(of, kinds, since)),
            1 => (of(), 0..4_u32).prop_map(|(of, limit)| Self::Read(of, limit)),
        ]
    }

    pub(super) fn reads() -> Vec<Self> {
        ALL.map(|number| Self::Read(account(number), 1000)).collect()
    }
}

fn kind() -> impl Strategy<Value = AuditKind> {
    prop::sample::select(vec![AuditKind::SessionEnded, AuditKind::IdentityUnlinked, AuditKind::Unfollowed])
}
