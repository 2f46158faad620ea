//! Merging two accounts of one person, and undoing that.
//!
//! What the account that stays does not have moves to it: identities of other apps, the number, the external id, the
//! attributes, name and picture. What both have clashes: it stays where it is, and the other account, which is shut, keeps
//! it. A merge says which parts moved, and not what they are: undoing it takes them from the account that stayed, and is
//! refused where anything happened to them since.

use std::time::Duration;

use super::{
    end_sessions::{SessionsToEnd, end_each, end_sessions},
    link_identity::takes_identity,
    outbox::tell,
    probation::is_on_probation,
    rows::{
        AccountChange, AccountRow, AccountRows, AuditRows, Disabling, IdentityRow, IdentityRows, LoginRows,
        MergeRow, MergeRows, PeopleRows, RowResult, SessionRows,
    },
};
use crate::{
    account::AccountId,
    actor::Actor,
    event::{Event, EventKind},
    ports::{AuditEntry, AuditKind, Merge, MergePart, Merged, Undo, Undone},
    time::Timestamp,
};

/// How long after it a merge can be undone.
pub const MERGE_UNDONE_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What makes it impossible to undo a merge exactly, where it happened to one of the accounts since.
const DISTURBING: [AuditKind; 7] = [
    AuditKind::PhoneChanged,
    AuditKind::AccountChanged,
    AuditKind::IdentityUnlinked,
    AuditKind::AccountDisabled,
    AuditKind::AccountEnabled,
    AuditKind::AccountMerged,
    AuditKind::AccountUnmerged,
];

/// Merges an account into another one, or says what would happen.
///
/// The accounts are held in the order of their ids, so that two merges never wait for each other.
pub(super) async fn merge_accounts(
    rows: &mut (impl AccountRows + IdentityRows + SessionRows + AuditRows + PeopleRows + MergeRows),
    merge: &Merge,
) -> RowResult<Merged> {
    let &Merge { into, from, at, .. } = merge;
    if into == from {
        return Ok(Merged::Impossible);
    }
    rows.account_for_update(into.min(from)).await?;
    rows.account_for_update(into.max(from)).await?;
    let (Some(stays), Some(goes)) = (rows.account(into).await?, rows.account(from).await?) else {
        return Ok(Merged::Unknown);
    };
    for id in [into, from] {
        if rows.merges_from(id).await?.iter().any(|merge| merge.undone_at.is_none()) {
            return Ok(Merged::Impossible);
        }
    }
    let own = rows.identities_of_account(into).await?;
    let others = rows.identities_of_account(from).await?;
    let (moves, clashes) = sort_out(&stays, &goes, &own, &others);
    if merge.dry_run {
        return Ok(Merged::Done { moves, clashes, ended: Vec::new() });
    }
    let ended = end_sessions(rows, &SessionsToEnd { account: from, until: None, at }).await?;
    for part in &moves {
        if let MergePart::Identity { id, .. } = part {
            rows.hand_identity(*id, from, into).await?;
        }
    }
    let shut = Disabling { disabled: true, reason: Some(format!("merged into {into}")) };
    hand_parts(rows, &goes, into, &moves, Some(shut)).await?;
    rows.insert_merge(&MergeRow {
        id: merge.id,
        into,
        from,
        at,
        identities: moves.iter().filter_map(identity_of).collect(),
        parts: moves
            .iter()
            .filter(|part| identity_of(part).is_none())
            .map(|part| part.as_str().to_owned())
            .collect(),
        was_disabled: goes.account.disabled,
        disabled_reason: goes.disabled_reason,
        undone_at: None,
    })
    .await?;
    note(rows, [into, from], (AuditKind::AccountMerged, EventKind::AccountMerged), at, &merge.actor).await?;
    Ok(Merged::Done { moves, clashes, ended })
}

fn identity_of(part: &MergePart) -> Option<crate::account::IdentityId> {
    match part {
        MergePart::Identity { id, .. } => Some(*id),
        MergePart::Phone
        | MergePart::ExternalId
        | MergePart::Attributes
        | MergePart::Nickname
        | MergePart::AvatarUrl => None,
    }
}

/// Decides which parts move and which clash.
fn sort_out(
    stays: &AccountRow,
    goes: &AccountRow,
    own: &[IdentityRow],
    others: &[IdentityRow],
) -> (Vec<MergePart>, Vec<MergePart>) {
    let (mut moves, mut clashes) = (Vec::new(), Vec::new());
    let mut has = own.to_vec();
    for row in others {
        let IdentityRow { identity, .. } = row;
        let part = MergePart::Identity { id: identity.id, app: identity.app.clone() };
        if takes_identity(&has, &identity.app) {
            moves.push(part);
            has.push(row.clone());
        } else {
            clashes.push(part);
        }
    }
    let (to, of) = (&stays.account, &goes.account);
    for (part, has, would_have) in [
        (MergePart::Phone, to.phone.is_some(), of.phone.is_some()),
        (MergePart::ExternalId, to.external_id.is_some(), of.external_id.is_some()),
        (MergePart::Attributes, to.attributes.is_some(), of.attributes.is_some()),
        (MergePart::Nickname, to.profile.nickname.is_some(), of.profile.nickname.is_some()),
        (MergePart::AvatarUrl, to.profile.avatar_url.is_some(), of.profile.avatar_url.is_some()),
    ] {
        match (would_have, has) {
            (true, true) => clashes.push(part),
            (true, false) => moves.push(part),
            (false, _) => {}
        }
    }
    (moves, clashes)
}

/// Hands parts of an account to another one: first they are taken away, so that no two accounts ever have one number.
async fn hand_parts(
    rows: &mut impl PeopleRows,
    owner: &AccountRow,
    to: AccountId,
    parts: &[MergePart],
    disabled: Option<Disabling>,
) -> RowResult<()> {
    let (mut taken, mut given) =
        (AccountChange { disabled, ..AccountChange::default() }, AccountChange::default());
    for part in parts {
        let account = &owner.account;
        match part {
            MergePart::Identity { .. } => {}
            MergePart::Phone => (taken.phone, given.phone) = (Some(None), Some(account.phone.clone())),
            MergePart::ExternalId => {
                (taken.external_id, given.external_id) = (Some(None), Some(account.external_id.clone()));
            }
            MergePart::Attributes => {
                (taken.attributes, given.attributes) = (Some(None), Some(account.attributes.clone()));
            }
            MergePart::Nickname => {
                (taken.nickname, given.nickname) = (Some(None), Some(account.profile.nickname.clone()));
            }
            MergePart::AvatarUrl => {
                (taken.avatar_url, given.avatar_url) = (Some(None), Some(account.profile.avatar_url.clone()));
            }
        }
    }
    for (id, change) in [(owner.account.id, taken), (to, given)] {
        if change != AccountChange::default() {
            rows.update_account(id, &change).await?;
        }
    }
    Ok(())
}

/// Undoes a merge, unless something happened to what it moved.
pub(super) async fn undo_merge(
    rows: &mut (impl AccountRows + IdentityRows + SessionRows + AuditRows + PeopleRows + MergeRows + LoginRows),
    undo: &Undo,
) -> RowResult<Undone> {
    let Some(merge) = rows.merge(undo.merge).await?.filter(|merge| merge.undone_at.is_none()) else {
        return Ok(Undone::Unknown);
    };
    let MergeRow { into, from, .. } = merge;
    if merge.at.plus(MERGE_UNDONE_FOR) <= undo.at {
        return Ok(Undone::Unknown);
    }
    if let Some((account, login)) = undo.asked_by {
        if account != into {
            return Ok(Undone::Unknown);
        }
        if is_on_probation(rows, login, undo.at).await? {
            return Ok(Undone::OnProbation);
        }
    }
    rows.account_for_update(into.min(from)).await?;
    rows.account_for_update(into.max(from)).await?;
    let Some(stayed) = rows.account(into).await? else { return Ok(Undone::Unknown) };
    let disturbed = disturbances(rows, &merge).await?;
    if !disturbed.is_empty() {
        return Ok(Undone::Changed(disturbed));
    }
    let sessions = rows.live_sessions_with_identities(into).await?;
    let came_from_moved =
        |from: Option<crate::account::IdentityId>| from.is_none_or(|id| merge.identities.contains(&id));
    let ending = sessions.into_iter().filter(|session| came_from_moved(session.identity));
    let ended = end_each(rows, ending.map(|session| session.row), undo.at).await?;
    for id in &merge.identities {
        rows.hand_identity(*id, into, from).await?;
    }
    let parts: Vec<MergePart> = merge.parts.iter().filter_map(|name| part_named(name)).collect();
    hand_parts(rows, &stayed, from, &parts, None).await?;
    let disabling = Disabling { disabled: merge.was_disabled, reason: merge.disabled_reason.clone() };
    rows.update_account(from, &AccountChange { disabled: Some(disabling), ..AccountChange::default() })
        .await?;
    rows.end_merge(merge.id, undo.at).await?;
    let kinds = (AuditKind::AccountUnmerged, EventKind::AccountUnmerged);
    note(rows, [into, from], kinds, undo.at, &undo.actor).await?;
    Ok(Undone::Done { into, from, ended })
}

/// Returns what happened to the accounts of a merge since, by the names of the trail.
async fn disturbances(
    rows: &mut (impl IdentityRows + AuditRows),
    merge: &MergeRow,
) -> RowResult<Vec<&'static str>> {
    let since = Timestamp::from_millis(merge.at.as_millis().saturating_add(1));
    let mut disturbed = Vec::new();
    for kind in DISTURBING {
        for account in [merge.into, merge.from] {
            if rows.has_audit_since(account, &[kind], since).await? && !disturbed.contains(&kind.as_str()) {
                disturbed.push(kind.as_str());
            }
        }
    }
    for id in &merge.identities {
        let is_there = rows.identity(*id).await?.is_some_and(|row| row.identity.account == Some(merge.into));
        if !is_there && !disturbed.contains(&AuditKind::IdentityUnlinked.as_str()) {
            disturbed.push(AuditKind::IdentityUnlinked.as_str());
        }
    }
    Ok(disturbed)
}

fn part_named(name: &str) -> Option<MergePart> {
    [
        MergePart::Phone,
        MergePart::ExternalId,
        MergePart::Attributes,
        MergePart::Nickname,
        MergePart::AvatarUrl,
    ]
    .into_iter()
    .find(|part| part.as_str() == name)
}

async fn note(
    rows: &mut impl AuditRows,
    accounts: [AccountId; 2],
    (kind, told): (AuditKind, EventKind),
    at: Timestamp,
    actor: &Actor,
) -> RowResult<()> {
    for account in accounts {
        rows.insert_audit_by(&AuditEntry { at, kind, account, login: None }, actor).await?;
    }
    let [into, from] = accounts;
    tell(rows, Event { detail: Some(from.to_string()), ..Event::of_account(told, into, at) }).await
}
