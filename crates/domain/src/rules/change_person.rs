//! What a site and its operators change of an account: each change is in the trail with who made it.

use super::{
    end_sessions::{SessionToEnd, SessionsToEnd, end_each, end_session, end_sessions},
    retention::unlinked_identity_prune_at,
    rows::{
        AccountChange, AccountRow, AccountRows, AuditRows, Disabling, IdentityRows, PeopleRows, RowResult,
        SessionRows,
    },
};
use crate::{
    account::{AccountId, IdentityId},
    ports::{Act, AuditEntry, AuditKind, Belonging, Changed, PersonChange},
    session::{SessionId, SessionTokenHash},
};

/// Changes an account, unless its number or external id is another one's. One that is shut loses its sessions.
pub(super) async fn change_person(
    rows: &mut (impl AccountRows + SessionRows + AuditRows + PeopleRows),
    change: &PersonChange,
) -> RowResult<Changed> {
    let &PersonChange { account: id, at, .. } = change;
    let Some(row) = rows.account_for_update(id).await? else { return Ok(Changed::Unknown) };
    let taken = belongings_of_others(rows, id, change).await?;
    if !taken.is_empty() {
        return Ok(Changed::Taken(taken));
    }
    let was_disabled = row.account.disabled;
    let (written, kinds) = difference(&row, change);
    if kinds.is_empty() {
        return Ok(Changed::Done { ended: Vec::new() });
    }
    rows.update_account(id, &written).await?;
    let ended = if change.disabled == Some(true) && !was_disabled {
        end_sessions(rows, &SessionsToEnd { account: id, until: None, at }).await?
    } else {
        Vec::new()
    };
    for kind in kinds {
        rows.insert_audit_by(&AuditEntry { at, kind, account: id, login: None }, &change.actor).await?;
    }
    Ok(Changed::Done { ended })
}

/// Returns what of a change is other than it is already, and the kinds of the trail for it.
fn difference(row: &AccountRow, change: &PersonChange) -> (AccountChange, Vec<AuditKind>) {
    let account = &row.account;
    let is_disabled_anew = change.disabled.is_some_and(|disabled| {
        disabled != account.disabled
            || (disabled && change.reason.is_some() && change.reason != row.disabled_reason)
    });
    let disabled = change.disabled.filter(|_| is_disabled_anew);
    let written = AccountChange {
        phone: change.phone.clone().filter(|new| *new != account.phone),
        disabled: disabled
            .map(|disabled| Disabling { disabled, reason: change.reason.clone().filter(|_| disabled) }),
        external_id: change.external_id.clone().filter(|new| *new != account.external_id),
        attributes: change.attributes.clone().filter(|new| *new != account.attributes),
        nickname: change.nickname.clone().filter(|new| *new != account.profile.nickname),
        avatar_url: change.avatar_url.clone().filter(|new| *new != account.profile.avatar_url),
    };
    let mut kinds = Vec::new();
    if written.phone.is_some() {
        kinds.push(AuditKind::PhoneChanged);
    }
    if written.external_id.is_some()
        || written.attributes.is_some()
        || written.nickname.is_some()
        || written.avatar_url.is_some()
    {
        kinds.push(AuditKind::AccountChanged);
    }
    kinds.extend(disabled.map(|disabled| match disabled {
        true => AuditKind::AccountDisabled,
        false => AuditKind::AccountEnabled,
    }));
    (written, kinds)
}

async fn belongings_of_others(
    rows: &mut (impl AccountRows + PeopleRows),
    id: AccountId,
    change: &PersonChange,
) -> RowResult<Vec<Belonging>> {
    let mut taken = Vec::new();
    if let Some(Some(phone)) = &change.phone {
        let owner = rows.account_with_phone(phone).await?;
        taken.extend(owner.map(|row| Belonging { what: "phone", account: row.account.id }));
    }
    if let Some(Some(external_id)) = &change.external_id {
        let owner = rows.account_with_external_id(external_id).await?;
        taken.extend(owner.map(|row| Belonging { what: "external_id", account: row.account.id }));
    }
    taken.retain(|owner| owner.account != id);
    Ok(taken)
}

/// Ends all sessions of an account.
pub(super) async fn end_sessions_of(
    rows: &mut (impl AccountRows + SessionRows + AuditRows + PeopleRows),
    act: &Act,
) -> RowResult<Option<Vec<SessionTokenHash>>> {
    let &Act { account, at, .. } = act;
    if rows.account_for_update(account).await?.is_none() {
        return Ok(None);
    }
    let ended = end_sessions(rows, &SessionsToEnd { account, until: None, at }).await?;
    write(rows, act, AuditKind::SessionsEnded).await?;
    Ok(Some(ended))
}

/// Ends one session of an account.
pub(super) async fn end_session_of(
    rows: &mut (impl SessionRows + AuditRows + PeopleRows),
    act: &Act,
    id: SessionId,
) -> RowResult<Option<SessionTokenHash>> {
    let &Act { account, at, .. } = act;
    let ended = end_session(rows, &SessionToEnd { account, id, at }).await?;
    if ended.is_some() {
        write(rows, act, AuditKind::SessionsEnded).await?;
    }
    Ok(ended)
}

/// Unlinks an identity from an account, also the last one, and ends the sessions that came from it, or that are so old
/// that nothing says where they came from.
///
/// The account is held before its sessions are read, so that one which issues a session has been seen or sees this.
pub(super) async fn unlink_identity_of(
    rows: &mut (impl AccountRows + IdentityRows + SessionRows + AuditRows + PeopleRows),
    act: &Act,
    identity: IdentityId,
) -> RowResult<Option<Vec<SessionTokenHash>>> {
    let &Act { account, at, .. } = act;
    rows.account_for_update(account).await?;
    let is_theirs = rows.identity(identity).await?.is_some_and(|row| row.identity.account == Some(account));
    if !is_theirs {
        return Ok(None);
    }
    let sessions = rows.live_sessions_with_identities(account).await?;
    rows.unlink_identity(identity, account, unlinked_identity_prune_at(at)).await?;
    write(rows, act, AuditKind::IdentityUnlinked).await?;
    let ending = sessions.into_iter().filter(|session| session.identity.is_none_or(|from| from == identity));
    Ok(Some(end_each(rows, ending.map(|session| session.row), at).await?))
}

/// Writes what was done to an account into the trail.
pub(super) async fn write(rows: &mut impl PeopleRows, act: &Act, kind: AuditKind) -> RowResult<()> {
    let entry = AuditEntry { at: act.at, kind, account: act.account, login: None };
    rows.insert_audit_by(&entry, &act.actor).await
}
