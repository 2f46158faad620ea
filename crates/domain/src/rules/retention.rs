//! Until when rows are kept.

use std::time::Duration;

use crate::{
    login::{Login, LoginId, LoginState},
    ports::LOGIN_KEPT_FOR,
    time::Timestamp,
};

/// How long the row of a session that was not ended is kept after its last use.
///
/// The rules do not know how long sessions live, so this is longer than any sensible idle time; idle times have
/// to be shorter.
pub const UNUSED_SESSION_KEPT_FOR: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// Returns from when on the row of a login may be removed.
pub(super) fn login_prune_at(login: &Login) -> Timestamp {
    last_deadline(login).plus(LOGIN_KEPT_FOR)
}

/// Returns from when on a consent may be removed whose login led to no account.
pub(super) fn consent_prune_at(login: LoginId, given_at: Timestamp) -> Timestamp {
    login.deadline().max(given_at).plus(LOGIN_KEPT_FOR)
}

/// Returns from when on the pending link of a login may be removed.
pub(super) fn pending_link_prune_at(login: LoginId) -> Timestamp {
    login.deadline().plus(LOGIN_KEPT_FOR)
}

/// Returns from when on an identity that was unlinked at a moment may be removed.
pub(super) fn unlinked_identity_prune_at(unlinked_at: Timestamp) -> Timestamp {
    unlinked_at.plus(LOGIN_KEPT_FOR)
}

/// Returns from when on a session that was ended at a moment may be removed.
pub(super) fn ended_session_prune_at(ended_at: Timestamp) -> Timestamp {
    ended_at.plus(LOGIN_KEPT_FOR)
}

/// Returns from when on a session that was last used at a moment may be removed, unless it is ended before.
pub(super) fn unused_session_prune_at(last_seen_at: Timestamp) -> Timestamp {
    last_seen_at.plus(UNUSED_SESSION_KEPT_FOR)
}

/// Returns from when on a grant may be removed whose code can be redeemed until a moment: until then it is known that the code
/// was redeemed, or was not.
pub(super) fn redeemed_too_late(code_until: Timestamp) -> Timestamp {
    code_until.plus(LOGIN_KEPT_FOR)
}

/// Returns from when on a grant may be removed whose session is over at a moment at the latest.
pub(super) fn granted_prune_at(session_until: Timestamp) -> Timestamp {
    session_until.plus(LOGIN_KEPT_FOR)
}

/// Returns the last moment at which a client or a phone may have business with a login.
///
/// It is never before the deadline of the code: as long as that can be scanned, its login must not look new again.
fn last_deadline(login: &Login) -> Timestamp {
    let deadline = match login.state {
        LoginState::Loop { deadline }
        | LoginState::Scanned { deadline, .. }
        | LoginState::Unregistered { deadline, .. } => deadline,
        LoginState::Registered { collect_by, .. } => collect_by,
        LoginState::Expired { since, .. } => since,
    };
    deadline.max(login.id.deadline())
}
