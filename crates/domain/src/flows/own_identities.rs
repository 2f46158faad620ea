//! How a logged-in person removes an identity of their account.

use super::{CheckedSession, FlowError, Flows};
use crate::{account::IdentityId, ports::Removed};

impl Flows {
    /// Takes an identity from the account, so that it leads nowhere any more.
    ///
    /// # Errors
    /// [`FlowError::LoginTooOld`], [`FlowError::IdentityUnknown`], [`FlowError::LastIdentity`], and
    /// [`FlowError::Store`] when it is not known to be committed.
    pub async fn remove_identity(&self, checked: &CheckedSession, id: IdentityId) -> Result<(), FlowError> {
        self.only_fresh(checked)?;
        match self.ports.accounts.remove_identity(checked.account.id, id, self.now()).await? {
            Removed::Done => {
                self.account_changed(checked.account.id).await;
                Ok(())
            }
            Removed::LastOne => Err(FlowError::LastIdentity),
            Removed::Unknown => Err(FlowError::IdentityUnknown),
        }
    }
}
