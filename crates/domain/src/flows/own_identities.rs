//! What a logged-in person sees of the identities of their account, and how they remove one.

use super::{CheckedSession, FlowError, Flows};
use crate::{
    account::{Conflict, Identity, IdentityId},
    ports::Removed,
};

impl Flows {
    /// Returns the identities that are bound to a session's account, the oldest first.
    ///
    /// # Errors
    /// [`FlowError::Store`].
    pub async fn identities(&self, checked: &CheckedSession) -> Result<Vec<Identity>, FlowError> {
        Ok(self.ports.accounts.identities(checked.account.id).await?)
    }

    /// Returns the identities of the account that turned out to be the same person's as another account's, the
    /// oldest first, at most 100.
    ///
    /// # Errors
    /// [`FlowError::Store`].
    pub async fn conflicts(&self, checked: &CheckedSession) -> Result<Vec<Conflict>, FlowError> {
        Ok(self.ports.accounts.conflicts(checked.account.id).await?)
    }

    /// Takes an identity from the account, so that it leads nowhere any more.
    ///
    /// # Errors
    /// [`FlowError::LoginTooOld`], [`FlowError::IdentityUnknown`], [`FlowError::LastIdentity`], and
    /// [`FlowError::Store`] when it is not known to be committed.
    pub async fn remove_identity(&self, checked: &CheckedSession, id: IdentityId) -> Result<(), FlowError> {
        self.only_fresh(checked)?;
        match self.ports.accounts.remove_identity(checked.account.id, id, self.now()).await? {
            Removed::Done => Ok(()),
            Removed::LastOne => Err(FlowError::LastIdentity),
            Removed::Unknown => Err(FlowError::IdentityUnknown),
        }
    }
}
