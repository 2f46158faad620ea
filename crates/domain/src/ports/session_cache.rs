//! Session cache: read-through, with invalidation.
//!
//! A session check reads the cache first, and queries the database only where the cache has no live entry. An
//! entry never decides more than the database: it expires after [`CachedSession::TTL`], and a session that ended or an
//! account that changed invalidates it earlier.

use std::time::Duration;

use async_trait::async_trait;

use super::{ActiveSession, StoreError};
use crate::{session::SessionTokenHash, time::Timestamp};

/// What the cache knows about a session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "nearly all that are read are live, and none is kept for long")]
pub enum CachedSession {
    /// The session had not ended when the database was queried.
    Live(ActiveSession),
    /// The session's account changed a moment ago: query the database, and do not cache the answer.
    Invalidated,
    /// The session has ended.
    Ended,
}

impl CachedSession {
    /// How long a live entry is valid after the query of the database. No node uses an older entry, even where
    /// every invalidation failed.
    pub const TTL: Duration = Duration::from_secs(60);

    /// How long an invalidation is kept: longer than a query of the database takes, so that a query which began
    /// before the change cannot cache its outdated answer afterwards.
    pub const INVALIDATED_TTL: Duration = Duration::from_secs(5);

    /// How long the end of a session is kept: longer than any live entry, so that no node caches the session again.
    pub const ENDED_TTL: Duration = Duration::from_secs(120);
}

/// Caches sessions by the hash of their token. Entries may be lost at any moment; the database is queried then.
///
/// An implementation MUST be bounded, and MUST NOT return an entry after its `until`. All nodes MUST share the same
/// entries, or a live one MUST NOT be returned for more than a second: an ended session is refused by every node by
/// then. Each method MUST be one atomic step for each session.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SessionCache: Send + Sync {
    /// Returns the entry of the session with this token.
    ///
    /// # Errors
    /// [`StoreError`] when the cache cannot be read; the caller queries the database then.
    async fn read(&self, token_hash: &SessionTokenHash) -> Result<Option<CachedSession>, StoreError>;

    /// Caches a live session until `until`, if the session has no entry.
    ///
    /// MUST NOT replace an entry: a caller that queried the database before the session ended must not bring it
    /// back.
    ///
    /// # Errors
    /// [`StoreError`] when the session is not cached; the next check queries the database again.
    async fn put(
        &self,
        token_hash: &SessionTokenHash,
        session: &ActiveSession,
        until: Timestamp,
    ) -> Result<(), StoreError>;

    /// Moves the time of the last use in a live entry forwards. Creates no entry and prolongs none.
    ///
    /// # Errors
    /// [`StoreError`] when the entry is unchanged; it keeps the earlier time until it expires.
    async fn refresh(&self, token_hash: &SessionTokenHash, last_seen_at: Timestamp)
    -> Result<(), StoreError>;

    /// Replaces the entries of these sessions by [`CachedSession::Invalidated`] until `until`, because their account
    /// changed. Leaves [`CachedSession::Ended`] in place.
    ///
    /// # Errors
    /// [`StoreError`] when some of the entries may be unchanged; those stay valid until they expire.
    async fn invalidate(&self, token_hashes: &[SessionTokenHash], until: Timestamp)
    -> Result<(), StoreError>;

    /// Replaces the entries of these sessions by [`CachedSession::Ended`] until `until`.
    ///
    /// # Errors
    /// [`StoreError`] when some of the entries may be unchanged; the call may be repeated.
    async fn mark_ended(&self, token_hashes: &[SessionTokenHash], until: Timestamp)
    -> Result<(), StoreError>;
}
