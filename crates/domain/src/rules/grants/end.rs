//! Ending a grant with all its tokens before its session ends.

use crate::{
    oidc::{ClientId, GrantId},
    ports::{AuditEntry, AuditKind, AuditNote, Ending},
    rules::rows::{AuditRows, GrantRow, GrantRows, RowResult},
    time::Timestamp,
};

/// A client's wish to end a grant.
pub(super) struct EndWish {
    pub(super) grant: GrantId,
    pub(super) client: ClientId,
    pub(super) at: Timestamp,
}

/// Ends a grant of the client that wishes it.
pub(super) async fn end_grant(rows: &mut (impl GrantRows + AuditRows), wish: &EndWish) -> RowResult<Ending> {
    let Some(row) = rows.grant(wish.grant).await? else { return Ok(Ending::Unknown) };
    if row.grant.client != wish.client {
        return Ok(Ending::OfAnother);
    }
    end(rows, row, "revoked", wish.at).await?;
    Ok(Ending::Ended)
}

/// Ends a grant, unless it has ended, and writes into the trail why.
pub(super) async fn end(
    rows: &mut (impl GrantRows + AuditRows),
    mut row: GrantRow,
    why: &str,
    at: Timestamp,
) -> RowResult<()> {
    if row.ended_at.is_some() {
        return Ok(());
    }
    row.ended_at = Some(at);
    rows.update_grant(&row).await?;
    let entry =
        AuditEntry { at, kind: AuditKind::ClientTokensEnded, account: row.grant.account, login: None };
    let (outcome, detail) = (Some(why.to_owned()), Some(row.grant.client.to_string()));
    rows.insert_audit_note(&AuditNote { outcome, detail, ..entry.into() }).await
}
