//! Committing a phone number that was proven for a login.

use std::sync::Arc;

use super::{
    Policy, ServiceError, login_publisher::LoginPublisher, session_invalidation::SessionInvalidation,
};
use crate::{
    account::{AccountId, VerifiedPhone},
    login::{Login, LoginId},
    ports::{Binding, BindingProof, Bound, Clock, Logins, Random},
};

/// Commits proven phone numbers.
#[derive(Clone)]
pub(super) struct PhoneCommit {
    pub(super) logins: Arc<dyn Logins>,
    pub(super) publisher: LoginPublisher,
    pub(super) invalidation: Arc<SessionInvalidation>,
    pub(super) random: Arc<dyn Random>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) policy: Arc<Policy>,
}

impl PhoneCommit {
    /// Binds a proven number to the identity of a login, then notifies the waiting clients.
    pub(super) async fn commit(
        &self,
        login: LoginId,
        phone: VerifiedPhone,
        proof: BindingProof,
    ) -> Result<Login, ServiceError> {
        let at = self.clock.now();
        let binding = Binding {
            login,
            proof,
            at,
            window: self.policy.bind_ttl,
            new_account: AccountId::generate(at, &*self.random),
            phone,
        };
        match self.logins.bind(binding).await? {
            Bound::Registered(login) => {
                self.invalidation.account_of_login_changed(&login).await;
                self.publisher.publish(&login).await;
                Ok(login)
            }
            Bound::PhoneTaken => Err(ServiceError::PhoneTaken),
            Bound::Refused(login) => Err(ServiceError::LoginState(login.at(self.clock.now()).state.name())),
        }
    }

    /// Returns the login if it was bound with this proof before, else the refusal. To be asked after a refusal,
    /// since the same request may have been bound by its repetition in the meantime.
    pub(super) async fn committed_before(
        &self,
        login: LoginId,
        proof: BindingProof,
        refused: ServiceError,
    ) -> Result<Login, ServiceError> {
        let record = self.logins.find(login).await?;
        record.filter(|record| record.proof == Some(proof)).map(|record| record.login).ok_or(refused)
    }
}
