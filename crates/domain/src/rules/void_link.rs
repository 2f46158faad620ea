//! Voiding pending links: what an account's owner does to shut a person out.

use super::{
    end_sessions::were_all_ended_since,
    rows::{AccountRows, AuditRows, RowResult},
};
use crate::ports::{AuditKind, PendingLink};

/// What an account's owner does to shut a person out: identities that were to be linked before are not.
pub const LINKS_VOIDED_BY: [AuditKind; 2] = [AuditKind::SessionEnded, AuditKind::IdentityUnlinked];

/// Returns whether a session of the account was ended, or an identity unlinked from it, since a link to it was asked
/// for, or the account erased. The person who was shut out may have been the one who asked.
pub(super) async fn is_void(
    rows: &mut (impl AccountRows + AuditRows),
    link: &PendingLink,
) -> RowResult<bool> {
    let account = rows.account(link.account).await?;
    Ok(account.is_none_or(|account| were_all_ended_since(&account, link.at))
        || rows.has_audit_since(link.account, &LINKS_VOIDED_BY, link.at).await?)
}
