//! Unlinking an identity: the last way into an account stays, and one on probation removes no other.

use super::{
    end_sessions::end_each,
    outbox::tell,
    retention::unlinked_identity_prune_at,
    rows::{AccountRows, AuditRows, IdentityRows, RowResult, SessionOfIdentity, SessionRows},
};
use crate::{
    event::{Event, EventKind},
    ports::{AuditEntry, AuditKind, Removal, Removed},
};

/// Takes an identity from its account unless it is the last one or another one on probation asks, and ends the sessions that came from it.
///
/// The account is held before its identities are read. So of two transactions that take the last two identities at
/// once the later one sees what the earlier one left, and so does one that issues a session.
pub(super) async fn unlink_identity(
    rows: &mut (impl AccountRows + IdentityRows + SessionRows + AuditRows),
    removal: &Removal,
) -> RowResult<Removed> {
    let &Removal { account, identity, at, .. } = removal;
    if rows.account_for_update(account).await?.is_none() {
        return Ok(Removed::Unknown);
    }
    let identities = rows.identities_of_account(account).await?;
    let Some(unlinked) = identities.iter().find(|row| row.identity.id == identity) else {
        return Ok(Removed::Unknown);
    };
    if identities.len() == 1 {
        return Ok(Removed::LastOne);
    }
    let sessions = rows.live_sessions_with_identities(account).await?;
    let asks = sessions.iter().find(|session| session.row.session.id == removal.asked_by);
    if asks.is_some_and(|session| session.row.session.auth_methods.is_number_alone()) {
        return Ok(Removed::OnProbation);
    }
    let asks = asks.and_then(|session| session.identity);
    let asks = identities.iter().find(|row| Some(row.identity.id) == asks);
    let newcomer = asks.filter(|row| row.probation_until.is_some_and(|until| at < until));
    if newcomer.is_some_and(|row| row.identity.id != identity) {
        return Ok(Removed::OnProbation);
    }
    rows.unlink_identity(identity, account, unlinked_identity_prune_at(at)).await?;
    rows.insert_audit(&AuditEntry { at, kind: AuditKind::IdentityUnlinked, account, login: None }).await?;
    let event = Event::of_account(EventKind::IdentityUnlinked, account, at);
    let app = Some(unlinked.identity.app.clone());
    tell(rows, Event { identity: Some(identity), app, ..event }).await?;
    let ending = sessions.into_iter().filter(|session| ends_with(session, removal, newcomer.is_some()));
    Ok(Removed::Done { ended: end_each(rows, ending.map(|session| session.row), at).await? })
}

/// Returns whether a session ends with an identity: it came from it, or it is so old that nothing says where it came
/// from. The session that asks stays, unless it takes away the identity on probation that it came from: without it
/// nothing would restrain the session any more.
fn ends_with(session: &SessionOfIdentity, removal: &Removal, asks_on_probation: bool) -> bool {
    (session.row.session.id != removal.asked_by || asks_on_probation)
        && session.identity.is_none_or(|identity| identity == removal.identity)
}
