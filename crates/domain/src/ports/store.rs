//! What all stores have in common.

use async_trait::async_trait;

use super::Measure;
use crate::time::Timestamp;

/// Why a store did not do its work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It could not be reached, was too slow or refused; either nothing was changed, or that is not known.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// What it holds makes no sense; the text names table and row, never a secret.
    #[error("the store holds something inconsistent: {0}")]
    Corrupt(String),
}

/// What a store says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreFacts {
    /// What it is and in which version, such as `PostgreSQL 15.13`.
    pub version: String,
    /// The time of its own clock; absent where that is this machine's.
    pub now: Option<Timestamp>,
}

/// Whether a store can serve.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Health: Send + Sync {
    /// Asks the store for the cheapest possible answer.
    ///
    /// # Errors
    /// [`StoreError`] when it gave none.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Returns how long its work took since the start; nothing where that is not measured.
    fn measures(&self) -> Vec<Measure> {
        Vec::new()
    }

    /// Asks the store what it is and what time it has; `None` for one that is a part of this process.
    ///
    /// # Errors
    /// [`StoreError`] when it gave no answer.
    async fn facts(&self) -> Result<Option<StoreFacts>, StoreError> {
        Ok(None)
    }

    /// Waits as long as a call that writes has to wait for its turn now, and gives the turn back. How long that took
    /// says whether the store has more to do than it can.
    ///
    /// # Errors
    /// [`StoreError`] when the turn did not come in time.
    async fn turn(&self) -> Result<(), StoreError> {
        self.ping().await
    }
}

/// Removes rows and entries whose time is over.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Pruning: Send + Sync {
    /// Removes at most `batch` rows of each table whose time is over at `now`, and returns how many.
    ///
    /// An implementation MUST keep a login's row for [`LOGIN_KEPT_FOR`] after its last deadline, a pending link for as
    /// long after the login's deadline, and a session's row for as long after its end; at that very moment the time is
    /// over. It MUST keep an identity that never had an account as long as the logins that wait for its phone number
    /// or did, and one that was unlinked from its account for [`LOGIN_KEPT_FOR`] from then on. Any number of nodes may
    /// prune at once.
    ///
    /// # Errors
    /// [`StoreError`] when the store could not; what was removed until then stays removed.
    async fn prune(&self, now: Timestamp, batch: u32) -> Result<u64, StoreError>;
}

/// How long the row of a login or session is kept after it is over: repeated events and late polls still find it.
pub const LOGIN_KEPT_FOR: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);
