//! Removing rows whose time is over.

use crate::time::Timestamp;

use super::RowResult;

/// A table whose rows say from when on they may be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrunableTable {
    /// Logins.
    Logins,
    /// Pending links.
    PendingLinks,
    /// Identities without an account.
    Identities,
    /// Sessions.
    Sessions,
    /// Redeemed codes.
    OneTimeCodes,
    /// Messages for the site's own system.
    Messages,
    /// Events that wait for a receiver.
    Events,
    /// The funnel.
    Funnel,
    /// Consents of logins that led to no account.
    Consents,
    /// What OpenID clients were granted.
    Grants,
}

impl PrunableTable {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Logins,
        Self::PendingLinks,
        Self::Identities,
        Self::Sessions,
        Self::OneTimeCodes,
        Self::Messages,
        Self::Events,
        Self::Funnel,
        Self::Consents,
        Self::Grants,
    ];
}

/// Operations that remove rows.
pub trait PruningRows: Send {
    /// Removes at most `at_most` rows of a table whose `prune_at` is `until` or earlier, and returns how many;
    /// passes over rows that another transaction holds.
    fn remove_prunable(
        &mut self,
        table: PrunableTable,
        until: Timestamp,
        at_most: u32,
    ) -> impl Future<Output = RowResult<u32>> + Send;
}
