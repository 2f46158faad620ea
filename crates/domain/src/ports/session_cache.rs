//! Copies of what the database knows about sessions, for speed.

use std::time::Duration;

use async_trait::async_trait;

use super::{ActiveSession, StoreError};
use crate::{session::SessionTokenHash, time::Timestamp};

/// What is known of a session without asking the database.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "nearly all that are read are live, and none is kept for long")]
pub enum CachedSession {
    /// It was not ended when the database was asked.
    Live(ActiveSession),
    /// What it led to changed a moment ago: the database is to be asked, and no copy to be put up.
    Changed,
    /// It was ended.
    Ended,
}

impl CachedSession {
    /// How long a copy is good for after the database was asked: whatever becomes of the news that a session was
    /// ended or its account changed, no node goes by an older copy.
    pub const TTL: Duration = Duration::from_secs(60);

    /// How long it is kept in mind that a session's account changed: longer than it takes to read it from the
    /// database.
    pub const CHANGED_TTL: Duration = Duration::from_secs(5);

    /// How long it is kept in mind that a session was ended: longer than any copy that somebody still carries.
    pub const ENDED_TTL: Duration = Duration::from_secs(120);
}

/// Holds copies that may vanish at any moment: the database is asked then.
///
/// An implementation MUST be bounded, and MUST NOT return an entry whose `until` is over; entries of all nodes
/// are the same ones, or there are none. Each method on one session MUST be one atomic step.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SessionCache: Send + Sync {
    /// Returns what is known of the session with this token.
    ///
    /// # Errors
    /// [`StoreError`] when it could not tell.
    async fn read(&self, token_hash: &SessionTokenHash) -> Result<Option<CachedSession>, StoreError>;

    /// Puts up a copy until a moment, where there is nothing.
    ///
    /// MUST leave everything else in place: who asked the database before the session was ended comes too late
    /// to bring it back.
    ///
    /// # Errors
    /// [`StoreError`] when it could not; the next check asks the database then.
    async fn put(
        &self,
        token_hash: &SessionTokenHash,
        session: &ActiveSession,
        until: Timestamp,
    ) -> Result<(), StoreError>;

    /// Moves the moment of the last use in a copy forwards; neither makes a copy nor keeps one any longer.
    ///
    /// # Errors
    /// [`StoreError`] when it could not; the copy stays behind until its time is over.
    async fn refresh(&self, token_hash: &SessionTokenHash, last_seen_at: Timestamp)
    -> Result<(), StoreError>;

    /// Writes down until a moment that what sessions lead to has changed, in place of their copies; leaves those
    /// that were ended.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known of all of them; the copies then stay until their time is over.
    async fn change(&self, token_hashes: &[SessionTokenHash], until: Timestamp) -> Result<(), StoreError>;

    /// Writes down until a moment that sessions were ended, in place of whatever is there.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known of all of them; calling it again does no harm.
    async fn end(&self, token_hashes: &[SessionTokenHash], until: Timestamp) -> Result<(), StoreError>;
}
