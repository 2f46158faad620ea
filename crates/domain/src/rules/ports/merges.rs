//! Merging accounts.

use async_trait::async_trait;

use crate::{
    ports::{Merge, Merged, Merges, OwnMerge, OwnMerged, StoreError, Undo, Undone},
    rules::{
        merge_accounts::{merge_accounts, undo_merge},
        merge_own_accounts::merge_own_accounts,
        transactions::Transactions,
    },
};

#[async_trait]
impl<X: Transactions> Merges for X {
    async fn merge(&self, merge: Merge) -> Result<Merged, StoreError> {
        self.run(merge, |rows, merge| Box::pin(merge_accounts(rows, merge))).await
    }

    async fn merge_own(&self, merge: OwnMerge) -> Result<OwnMerged, StoreError> {
        self.run(merge, |rows, merge| Box::pin(merge_own_accounts(rows, merge))).await
    }

    async fn undo_merge(&self, undo: Undo) -> Result<Undone, StoreError> {
        self.run(undo, |rows, undo| Box::pin(undo_merge(rows, undo))).await
    }
}
