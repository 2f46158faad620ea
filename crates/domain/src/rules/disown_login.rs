//! Disowning a login: who scanned says that they did not mean to log in. The login ends, and the session that it led to;
//! what it linked by a number or by a pending link is taken back, and so is a merge that it proved.

use std::time::Duration;

use super::{
    end_sessions::end_each,
    login_row::move_login,
    merge_accounts::undo_merge,
    merge_own_accounts::RECENT_LOGIN,
    note_refusal::{RefusedLogin, note_refusal_by},
    release_identity::{Release, release_identity},
    rows::{
        AccountRow, AccountRows, AuditRows, IdentityRow, IdentityRows, LoginRow, LoginRows, MergeRow,
        MergeRows, PeopleRows, RowResult, ScanDecision, SessionRows,
    },
};
use crate::{
    account::AccountId,
    actor::Actor,
    login::{LoginEvent, LoginState},
    ports::{self, Disowned, NotMe, Undo},
    session::SessionTokenHash,
    time::Timestamp,
};

/// How long after a scan its person may say that they did not mean it.
pub const NOT_ME_WITHIN: Duration = Duration::from_secs(24 * 60 * 60);

/// Ends a login and its session; once it is over, finds that.
pub(super) async fn disown_login(
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + SessionRows + AuditRows + PeopleRows + MergeRows),
    not_me: &NotMe,
) -> RowResult<Disowned> {
    let Some(row) = rows.login(not_me.login).await? else { return Ok(Disowned::NotTheirs) };
    let Some(scan) = row.scan.clone().filter(|scan| scan.identity == Some(not_me.identity)) else {
        return Ok(Disowned::NotTheirs);
    };
    if scan.at.plus(NOT_ME_WITHIN) <= not_me.at {
        return Ok(Disowned::TooLate);
    }
    let login = row.login.clone().at(not_me.at);
    let (event, account) = match login.state {
        LoginState::Registered { account, since, .. } => (LoginEvent::Disowned, Some((account, since))),
        LoginState::Loop { .. } | LoginState::Scanned { .. } | LoginState::Unregistered { .. } => {
            (LoginEvent::Denied, None)
        }
        LoginState::Expired { .. } => {
            let (ended, client_info) = (Vec::new(), scan.client_info);
            return Ok(Disowned::Over { login, ended, unlinked_from: None, client_info });
        }
    };
    let mut undone = TakenBack::default();
    if let Some((account, since)) = account {
        undone = undo_merges(rows, account, since, not_me.at).await?;
    }
    let account = account.map(|(account, _)| account);
    let person = rows.identity(not_me.identity).await?;
    let app = person.as_ref().map(|person| &person.identity.app);
    let refused = RefusedLogin { login: not_me.login, app, why: "not_me", at: not_me.at };
    if let Some(account) = account {
        undone.add(undo(rows, &row, account, person.as_ref(), not_me.at).await?);
    }
    note_refusal_by(rows, refused, account, &scan.client_info).await?;
    let client_info = scan.client_info;
    let login = match login.apply(event, not_me.at) {
        Ok(login) => move_login(rows, row, login).await?,
        Err(refusal) => refusal.login,
    };
    Ok(Disowned::Over { login, ended: undone.ended, unlinked_from: undone.unlinked_from, client_info })
}

/// What was undone of a registered login.
#[derive(Default)]
struct TakenBack {
    ended: Vec<SessionTokenHash>,
    unlinked_from: Option<AccountId>,
}

impl TakenBack {
    fn add(&mut self, more: Self) {
        self.ended.extend(more.ended);
        self.unlinked_from = self.unlinked_from.or(more.unlinked_from);
    }
}

/// Undoes the merges by which the account of a login went into another one while the login proved it. One that something
/// happened to since stays: an operator has to look at it, and the trail of both accounts says so.
///
/// The accounts of a merge are held in their order here, before the login's account is held alone.
async fn undo_merges(
    rows: &mut (impl AccountRows + IdentityRows + SessionRows + AuditRows + PeopleRows + MergeRows + LoginRows),
    account: AccountId,
    since: Timestamp,
    at: Timestamp,
) -> RowResult<TakenBack> {
    let is_proven = |merge: &MergeRow| {
        merge.undone_at.is_none() && since <= merge.at && merge.at < since.plus(RECENT_LOGIN)
    };
    let mut undone = TakenBack::default();
    for merge in rows.merges_from(account).await?.into_iter().filter(is_proven) {
        let undo = Undo { merge: merge.id, asked_by: None, at, actor: Actor::Person };
        match undo_merge(rows, &undo).await? {
            ports::Undone::Done { into, ended, .. } => {
                undone.add(TakenBack { ended, unlinked_from: Some(into) });
            }
            ports::Undone::Changed(_) | ports::Undone::OnProbation | ports::Undone::Unknown => {}
        }
    }
    Ok(undone)
}

/// Ends the session of a registered login, and takes back what the login linked.
async fn undo(
    rows: &mut (impl AccountRows + IdentityRows + SessionRows + AuditRows),
    row: &LoginRow,
    account: AccountId,
    person: Option<&IdentityRow>,
    at: Timestamp,
) -> RowResult<TakenBack> {
    // The account is held first, as where a session is issued: either that one is seen here, or it finds the login over.
    let held = rows.account_for_update(account).await?;
    let mut ended = end_session_of(rows, row, account, at).await?;
    let linked = person.filter(|person| was_linked_by(row, account, person));
    let (Some(held), Some(person)) = (held, linked) else {
        return Ok(TakenBack { ended, unlinked_from: None });
    };
    if !has_another_way_in(rows, &held).await? {
        return Ok(TakenBack { ended, unlinked_from: None });
    }
    let release = Release { account, login: Some(row.login.id), at };
    ended.extend(release_identity(rows, person, release).await?);
    Ok(TakenBack { ended, unlinked_from: Some(account) })
}

/// Returns whether a login linked the person to its account by what another one may have brought: a number, or the wish of who was
/// logged in there. A unionid leads to the person's own account.
fn was_linked_by(row: &LoginRow, account: AccountId, person: &IdentityRow) -> bool {
    let registered_at = match row.login.state {
        LoginState::Registered { since, .. } => Some(since),
        LoginState::Loop { .. }
        | LoginState::Scanned { .. }
        | LoginState::Unregistered { .. }
        | LoginState::Expired { .. } => None,
    };
    let outcome = row.scan.as_ref().map(|scan| scan.outcome);
    let by_others = row.proof.is_some() || outcome == Some(ScanDecision::Linked);
    by_others && person.identity.account == Some(account) && person.linked_at == registered_at
}

/// Returns whether the account can be entered without this identity. One that it alone leads to is the person's own.
async fn has_another_way_in(rows: &mut impl IdentityRows, held: &AccountRow) -> RowResult<bool> {
    if held.account.phone.is_some() {
        return Ok(true);
    }
    Ok(rows.identities_of_account(held.account.id).await?.len() > 1)
}

async fn end_session_of(
    rows: &mut (impl SessionRows + AuditRows),
    row: &LoginRow,
    account: AccountId,
    at: Timestamp,
) -> RowResult<Vec<SessionTokenHash>> {
    let sessions = rows.live_sessions(account).await?;
    let of_login = sessions.into_iter().filter(|session| session.session.login == row.login.id);
    end_each(rows, of_login.collect::<Vec<_>>(), at).await
}
