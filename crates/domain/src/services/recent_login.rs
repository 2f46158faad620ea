//! Step-up: a change of the ways into an account needs a recent login.

use std::time::Duration;

use super::ServiceError;
use crate::{session::Session, time::Timestamp};

/// How long after its login a session may change the ways into the account.
const RECENT_FOR: Duration = Duration::from_secs(600);

/// Refuses unless the session's login is recent.
///
/// # Errors
/// [`ServiceError::RecentLoginRequired`].
pub(super) fn require_recent_login(session: &Session, now: Timestamp) -> Result<(), ServiceError> {
    let is_recent = now < session.created_at.plus(RECENT_FOR);
    is_recent.then_some(()).ok_or(ServiceError::RecentLoginRequired)
}
