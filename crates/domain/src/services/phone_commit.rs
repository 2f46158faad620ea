//! Committing a phone number that was proven for a login.

use std::sync::Arc;

use super::{
    Policy, ServiceError, login_publisher::LoginPublisher, session_invalidation::SessionInvalidation,
};
use crate::{
    account::{AccountId, VerifiedPhone},
    login::{Login, LoginId, LoginState},
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
        let new_account = AccountId::generate(at, &*self.random);
        let binding = Binding { login, proof, at, window: self.policy.bind_ttl, new_account, phone };
        match self.logins.bind(binding).await? {
            Bound::Registered(login) => {
                self.bound(&login, new_account).await;
                Ok(login)
            }
            Bound::PhoneTaken => Err(ServiceError::PhoneTaken),
            Bound::Refused(login) => Err(ServiceError::LoginState(login.at(self.clock.now()).state.name())),
        }
    }

    /// Publishes a registered login. An account that was made for it has no sessions yet to invalidate.
    async fn bound(&self, login: &Login, new_account: AccountId) {
        match login.state {
            LoginState::Registered { account, .. } if account == new_account => {}
            LoginState::Registered { account, .. } => self.invalidation.account_changed(account).await,
            LoginState::Loop { .. } | LoginState::Unregistered { .. } | LoginState::Expired { .. } => {}
        }
        self.publisher.publish(login).await;
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
