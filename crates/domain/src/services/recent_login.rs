//! Step-up: a change of the ways into an account needs a recent login.

use super::ServiceError;
use crate::{ports::ActiveSession, rules::RECENT_LOGIN, session::Session, time::Timestamp};

/// Refuses unless the session's login is recent.
///
/// # Errors
/// [`ServiceError::RecentLoginRequired`].
pub(super) fn require_recent_login(session: &Session, now: Timestamp) -> Result<(), ServiceError> {
    let is_recent = now < session.created_at.plus(RECENT_LOGIN);
    is_recent.then_some(()).ok_or(ServiceError::RecentLoginRequired)
}

/// Refuses where nothing but a phone number says who the person is: it may have another owner by now. The rules refuse it, too.
///
/// # Errors
/// [`ServiceError::ScanRequired`].
pub(super) fn require_scan(active: &ActiveSession) -> Result<(), ServiceError> {
    let is_number_alone = active.session.auth_methods.is_number_alone();
    if is_number_alone { Err(ServiceError::ScanRequired) } else { Ok(()) }
}

/// Refuses what would let a person who is known by a phone number alone take an account from its WeChat users.
///
/// # Errors
/// [`ServiceError::ScanRequired`].
pub(super) fn require_scan_for_others(active: &ActiveSession) -> Result<(), ServiceError> {
    if active.identities.is_empty() { Ok(()) } else { require_scan(active) }
}
