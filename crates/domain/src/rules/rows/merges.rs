//! Rows of merges.

use crate::{
    account::{AccountId, IdentityId},
    ports::MergeId,
    time::Timestamp,
};

use super::RowResult;

/// The row of a merge: what moved, and nothing of what it says of the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeRow {
    /// Its id.
    pub id: MergeId,
    /// The account that stayed.
    pub into: AccountId,
    /// The account that was merged into it.
    pub from: AccountId,
    /// When they were merged.
    pub at: Timestamp,
    /// The identities that moved.
    pub identities: Vec<IdentityId>,
    /// Which of the other parts moved, by their names.
    pub parts: Vec<String>,
    /// Whether the account was shut before, and why.
    pub was_disabled: bool,
    /// Why it was shut before; only then.
    pub disabled_reason: Option<String>,
    /// When it was undone, if it was.
    pub undone_at: Option<Timestamp>,
}

/// Operations on rows of merges.
pub trait MergeRows: Send {
    /// Reads a merge.
    fn merge(&mut self, id: MergeId) -> impl Future<Output = RowResult<Option<MergeRow>>> + Send;

    /// Writes a merge.
    fn insert_merge(&mut self, row: &MergeRow) -> impl Future<Output = RowResult<()>> + Send;

    /// Writes when a merge was undone.
    fn end_merge(&mut self, id: MergeId, undone_at: Timestamp) -> impl Future<Output = RowResult<()>> + Send;

    /// Lists the merges by which accounts were merged into one, by their id.
    fn merges_into(&mut self, into: AccountId) -> impl Future<Output = RowResult<Vec<MergeRow>>> + Send;

    /// Lists the merges by which an account was merged into others, by their id.
    fn merges_from(&mut self, from: AccountId) -> impl Future<Output = RowResult<Vec<MergeRow>>> + Send;

    /// Removes a merge.
    fn delete_merge(&mut self, id: MergeId) -> impl Future<Output = RowResult<()>> + Send;
}
