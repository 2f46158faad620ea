//! How a logged-in person removes an identity of their account.

use super::{CheckedSession, FlowError, Flows};
use crate::{
    account::IdentityId,
    ports::{Removal, Removed},
};

impl Flows {
    /// Takes an identity from the account, so that it leads nowhere any more, and ends the sessions that came from
    /// it. The session that asks stays, whichever identity it came from.
    ///
    /// # Errors
    /// [`FlowError::RecentLoginRequired`], [`FlowError::IdentityUnknown`], [`FlowError::LastIdentity`], and
    /// [`FlowError::Store`] when it is not known to be committed.
    pub async fn remove_identity(&self, checked: &CheckedSession, id: IdentityId) -> Result<(), FlowError> {
        self.require_recent_login(checked)?;
        let (account, asked_by) = (checked.account.id, checked.session.id);
        let removal = Removal { account, identity: id, asked_by, at: self.now() };
        match self.ports.accounts.remove_identity(removal).await? {
            Removed::Done { ended } => {
                self.invalidate(&ended).await;
                self.account_changed(account).await;
                Ok(())
            }
            Removed::LastOne => Err(FlowError::LastIdentity),
            Removed::Unknown => Err(FlowError::IdentityUnknown),
        }
    }
}
