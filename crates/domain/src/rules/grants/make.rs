//! Making a grant, and what the person has agreed to.

use crate::{
    account::AccountId,
    oidc::{CODE_LIVES, ClientId, Scopes},
    ports::{AuditEntry, AuditKind, AuditNote, NewGrant},
    rules::{
        retention::redeemed_too_late,
        rows::{AccountRows, AuditRows, GrantRow, GrantRows, RowResult, SessionRows},
    },
};

/// Makes a grant of a session that has not ended, and returns whether there is such a one.
pub(super) async fn make_grant(
    rows: &mut (impl AccountRows + SessionRows + GrantRows + AuditRows),
    new: &NewGrant,
) -> RowResult<bool> {
    let grant = &new.grant;
    let account = rows.account(grant.account).await?.filter(|row| !row.account.disabled);
    let session = rows.live_session_of_account(grant.account, grant.session).await?;
    let (Some(_), Some(session)) = (account, session) else { return Ok(false) };
    if new.consented {
        let before = consent(rows, grant.account, &grant.client).await?;
        rows.save_consent(grant.account, &grant.client, before.or(grant.scopes), grant.at).await?;
    }
    let row = GrantRow {
        grant: grant.clone(),
        code: new.code,
        redeemed_at: None,
        refresh: None,
        ended_at: None,
        version: 1,
        prune_at: redeemed_too_late(grant.at.plus(CODE_LIVES)),
    };
    rows.insert_grant(&row).await?;
    let login = Some(session.session.login);
    let entry = AuditEntry { at: grant.at, kind: AuditKind::ClientAuthorized, account: grant.account, login };
    let detail = Some(format!("{} {}", grant.client, grant.scopes));
    let outcome = new.consented.then(|| "consented".to_owned());
    let note = AuditNote { client: new.client_info.clone(), detail, outcome, ..entry.into() };
    rows.insert_audit_note(&note.plain()).await?;
    Ok(true)
}

/// Returns what the person of an account has agreed that a client may have.
pub(super) async fn consent(
    rows: &mut impl GrantRows,
    account: AccountId,
    client: &ClientId,
) -> RowResult<Scopes> {
    Ok(rows.consent(account, client).await?.unwrap_or(Scopes::NONE))
}
