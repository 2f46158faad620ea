//! Erasing an account: everything that says whose it was goes, in one transaction. What is left is the trail, under the
//! account's id, which leads nowhere any more. Who came by its number alone erases nothing for a while.

use super::{
    change_person::write,
    find_people::person,
    outbox::{tell, tell_clients},
    probation::is_on_probation,
    rows::{
        AccountRows, AppProfileRows, AuditRows, ConsentRows, IdentityRows, MergeRows, PeopleRows, RowResult,
        Rows,
    },
};
use crate::{
    actor::Actor,
    event::{Event, EventKind},
    ports::{Act, AuditKind, Erased, OwnErased, OwnErasure, PersonExport},
};

/// How many entries of the trail an export has at the most.
const TRAIL: u32 = 10_000;

/// Erases an account for its person. Where it has WeChat users, who came by the number alone has to wait: the true owner of the
/// number may hear of it meanwhile.
pub(super) async fn erase_own(rows: &mut impl Rows, erasure: &OwnErasure) -> RowResult<OwnErased> {
    let &OwnErasure { account, asked_by, at } = erasure;
    rows.account_for_update(account).await?;
    let has_users = !rows.identities_of_account(account).await?.is_empty();
    if has_users && is_on_probation(rows, asked_by, at).await? {
        return Ok(OwnErased::OnProbation);
    }
    let erased = erase_person(rows, &Act { account, at, actor: Actor::Person }).await?;
    Ok(erased.map_or(OwnErased::Unknown, OwnErased::Done))
}

/// Erases an account with its identities, sessions, logins and messages, and the accounts that were merged into it.
pub(super) async fn erase_person(rows: &mut impl Rows, act: &Act) -> RowResult<Option<Erased>> {
    if rows.account_for_update(act.account).await?.is_none() {
        return Ok(None);
    }
    let (mut all, mut erased) = (vec![act.account], Erased::default());
    while let Some(account) = all.pop() {
        for merge in rows.merges_into(account).await? {
            all.extend(merge.undone_at.is_none().then_some(merge.from));
            rows.delete_merge(merge.id).await?;
        }
        for merge in rows.merges_from(account).await? {
            rows.delete_merge(merge.id).await?;
        }
        let act = Act { account, ..act.clone() };
        erase_one(rows, &act, &mut erased).await?;
    }
    Ok(Some(erased))
}

async fn erase_one(rows: &mut impl Rows, act: &Act, erased: &mut Erased) -> RowResult<()> {
    let sessions = rows.sessions_of_account(act.account).await?;
    let mut logins: Vec<_> = sessions.iter().map(|row| row.session.login).collect();
    for row in rows.identities_of_account(act.account).await? {
        let scanned = rows.logins_of_identity(row.identity.id).await?;
        logins.extend(scanned.into_iter().map(|login| login.login.id));
        rows.delete_messages_of(&row.identity.app, &row.identity.openid).await?;
        rows.remove_journal_of(&row.identity.app, &row.identity.openid).await?;
        rows.remove_events_of(EventKind::WechatEvent, row.identity.id).await?;
        rows.delete_app_profile(row.identity.id).await?;
        rows.delete_identity(row.identity.id).await?;
    }
    logins.sort_unstable();
    logins.dedup();
    for id in &logins {
        rows.delete_login(*id).await?;
    }
    rows.delete_consents(act.account, &logins).await?;
    for row in sessions.iter().filter(|row| row.ended_at.is_none()) {
        tell_clients(rows, &row.session, act.at).await?;
    }
    rows.delete_grants(act.account).await?;
    rows.delete_sessions(act.account).await?;
    rows.delete_account(act.account).await?;
    rows.forget_audit_clients(act.account, &logins).await?;
    erased.sessions.extend(sessions.into_iter().map(|row| row.token_hash));
    erased.logins.extend(logins);
    write(rows, act, AuditKind::AccountErased).await?;
    tell(rows, Event::of_account(EventKind::AccountErased, act.account, act.at)).await
}

/// Returns all that is kept of an account's person, and writes into the trail that it was read.
pub(super) async fn export_person(
    rows: &mut (
             impl AccountRows + IdentityRows + PeopleRows + AuditRows + ConsentRows + MergeRows + AppProfileRows
         ),
    act: &Act,
) -> RowResult<Option<PersonExport>> {
    let Some(row) = rows.account_for_update(act.account).await? else { return Ok(None) };
    let person = person(rows, row).await?;
    let sessions = rows.sessions_of_account(act.account).await?;
    let sessions = sessions.into_iter().map(|row| (row.session, row.ended_at)).collect();
    write(rows, act, AuditKind::AccountExported).await?;
    let trail = rows.trail_of_account(act.account, TRAIL).await?;
    Ok(Some(PersonExport { person, sessions, trail }))
}
