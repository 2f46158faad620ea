//! Merging two accounts of one person, and undoing it.

use super::PeopleService;
use crate::{
    account::AccountId,
    actor::Actor,
    ports::{Merge, MergeId, MergePart, Merged, Person, Undo, Undone},
    services::ServiceError,
};

/// What a merge moved, or would move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountMerge {
    /// By what it can be undone; absent where it was only to be said what would happen.
    pub id: Option<MergeId>,
    /// What moves to the account that stays.
    pub moves: Vec<MergePart>,
    /// What both have, which stays where it is.
    pub clashes: Vec<MergePart>,
}

impl PeopleService {
    /// Merges an account into another one, or says what would happen; all nodes refuse the sessions of the one that is shut
    /// within a second.
    ///
    /// # Errors
    /// [`ServiceError::AccountUnknown`], [`ServiceError::MergeImpossible`], and [`ServiceError::Store`] when it is not
    /// known to be committed.
    pub async fn merge(
        &self,
        into: AccountId,
        from: AccountId,
        dry_run: bool,
        actor: Actor,
    ) -> Result<AccountMerge, ServiceError> {
        let (at, id) = (self.clock.now(), MergeId::generate(self.clock.now(), &*self.random));
        match self.merges.merge(Merge { id, into, from, dry_run, at, actor }).await? {
            Merged::Done { moves, clashes, ended } => {
                self.invalidation.invalidate(&ended).await;
                self.invalidation.account_changed(into).await;
                Ok(AccountMerge { id: (!dry_run).then_some(id), moves, clashes })
            }
            Merged::Unknown => Err(ServiceError::AccountUnknown),
            Merged::Impossible => Err(ServiceError::MergeImpossible),
        }
    }

    /// Undoes a merge of the last seven days, where nothing happened to what it moved; returns the account that is its
    /// own again, with its person.
    ///
    /// # Errors
    /// [`ServiceError::AccountUnknown`] for an unknown merge, [`ServiceError::MergeDisturbed`], and
    /// [`ServiceError::Store`] when it is not known to be committed.
    pub async fn undo_merge(&self, merge: MergeId, actor: Actor) -> Result<Person, ServiceError> {
        match self.merges.undo_merge(Undo { merge, asked_by: None, at: self.clock.now(), actor }).await? {
            Undone::Done { into, from, ended } => {
                self.invalidation.invalidate(&ended).await;
                self.invalidation.account_changed(into).await;
                self.known_person(from).await
            }
            Undone::Changed(by) => Err(ServiceError::MergeDisturbed(by)),
            Undone::OnProbation => Err(ServiceError::IdentityTooNew),
            Undone::Unknown => Err(ServiceError::AccountUnknown),
        }
    }
}
