//! Releasing an identity from its account, whether it is the last one or not: the sessions that came from it end.

use super::{
    end_sessions::end_each,
    outbox::tell,
    retention::unlinked_identity_prune_at,
    rows::{AuditRows, IdentityRow, IdentityRows, RowResult, SessionRows},
};
use crate::{
    account::AccountId,
    event::{Event, EventKind},
    login::LoginId,
    ports::{AuditEntry, AuditKind},
    session::SessionTokenHash,
    time::Timestamp,
};

/// Why and when an identity is released.
pub(super) struct Release {
    pub(super) account: AccountId,
    /// The login whose link is taken back, if it is one.
    pub(super) login: Option<LoginId>,
    pub(super) at: Timestamp,
}

/// Takes an identity from its account, and returns the hashes of the tokens of the sessions that ended.
///
/// The account has to be held before, so that one which issues a session has been seen or sees this.
pub(super) async fn release_identity(
    rows: &mut (impl IdentityRows + SessionRows + AuditRows),
    row: &IdentityRow,
    Release { account, login, at }: Release,
) -> RowResult<Vec<SessionTokenHash>> {
    let identity = row.identity.id;
    let sessions = rows.live_sessions_with_identities(account).await?;
    rows.unlink_identity(identity, account, unlinked_identity_prune_at(at)).await?;
    rows.insert_audit(&AuditEntry { at, kind: AuditKind::IdentityUnlinked, account, login }).await?;
    let app = Some(row.identity.app.clone());
    let event = Event::of_account(EventKind::IdentityUnlinked, account, at);
    tell(rows, Event { identity: Some(identity), app, login, ..event }).await?;
    // One that is so old that nothing says where it came from ends as well.
    let ending = sessions.into_iter().filter(|session| session.identity.is_none_or(|from| from == identity));
    end_each(rows, ending.map(|session| session.row), at).await
}
