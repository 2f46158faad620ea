//! Session cache: read-through, with invalidation.
//!
//! A session check reads the cache first, and queries the database only where the cache has no live entry. An
//! entry never decides more than the database: it expires after [`CachedSession::TTL`], and a session that ended or an
//! account that changed invalidates it earlier.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use super::{ActiveSession, StoreError};
use crate::{session::SessionTokenHash, time::Timestamp};

/// What the cache knows about a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CachedSession {
    /// The session had not ended when the database was queried.
    Live {
        /// The session with its account; shared, so that a check of a cached session copies nothing of it.
        active: Arc<ActiveSession>,
        /// Until when the entry is valid.
        until: Timestamp,
    },
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
/// An implementation MUST be bounded, MUST NOT return an entry after its `until`, and MUST NOT return one that it did not
/// put there itself: where others can write to it, live entries are sealed. All nodes MUST share the same entries, or a
/// live one MUST NOT be returned for more than a second: an ended session is refused by every node by then. Each method
/// MUST be one atomic step for each session, and the node that calls [`SessionCache::invalidate`] or
/// [`SessionCache::mark_ended`] MUST NOT return a live entry of that session afterwards.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SessionCache: Send + Sync {
    /// Returns the entry of the session with this token.
    ///
    /// # Errors
    /// [`StoreError`] when the cache cannot be read; the caller queries the database then.
    async fn read(&self, token_hash: &SessionTokenHash) -> Result<Option<CachedSession>, StoreError>;

    /// Caches a live session that the database had at `read_at`, until `until`, if the session has no entry, and returns
    /// whether it did.
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
        read_at: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError>;

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

/// What one node hears of sessions that ended or whose account changed, as seen by an adapter that learns of it on other
/// nodes. It is a hint: what it drops is read again.
pub trait InvalidationSink: Send + Sync {
    /// Drops what this node remembers of the session with this token.
    fn invalidated(&self, token_hash: &SessionTokenHash);

    /// Drops what this node remembers of all sessions, because invalidations may have been missed. From now on they arrive.
    fn invalidated_all(&self);

    /// Says that invalidations do not arrive from now on, until [`InvalidationSink::invalidated_all`].
    fn lost(&self);
}
