//! Committing a phone number that was proven for a login.

use std::sync::Arc;

use super::{
    NoticeService, Policy, Registration, ServiceError, gatekeeping::Gatekeeping,
    login_publisher::LoginPublisher, session_invalidation::SessionInvalidation,
};
use crate::{
    account::{AccountId, VerifiedPhone},
    login::{Login, LoginId, LoginState},
    ports::{Background, Binding, BindingProof, Bound, Clock, LoginStep, Logins, Random},
    session::AuthMethod,
};

/// Commits proven phone numbers.
#[derive(Clone)]
pub(super) struct PhoneCommit {
    pub(super) logins: Arc<dyn Logins>,
    pub(super) publisher: LoginPublisher,
    pub(super) invalidation: Arc<SessionInvalidation>,
    pub(super) notices: Arc<NoticeService>,
    pub(super) gatekeeping: Gatekeeping,
    pub(super) background: Arc<dyn Background>,
    pub(super) random: Arc<dyn Random>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) policy: Arc<Policy>,
}

impl PhoneCommit {
    /// Binds a proven number, or none, to the identity of a login, then notifies the waiting clients.
    pub(super) async fn commit(
        &self,
        login: LoginId,
        phone: Option<(VerifiedPhone, AuthMethod)>,
        proof: BindingProof,
    ) -> Result<Login, ServiceError> {
        self.gatekeeping.admit_to_account(login).await?;
        let at = self.clock.now();
        let new_account = AccountId::generate(at, &*self.random);
        let seen_since = self.policy.recheck_phone.map(|longest| at.minus(longest));
        let window = self.policy.bind_ttl;
        let admits = self.policy.registration == Registration::Open;
        let (terms, admits_number_alone) = (self.policy.terms.clone(), self.policy.admits_number_alone());
        let (phone, proven_by) = phone.unzip();
        let binding = Binding {
            login,
            proof,
            at,
            window,
            new_account,
            phone,
            proven_by,
            seen_since,
            admits,
            admits_number_alone,
            terms,
        };
        match self.logins.bind(binding).await? {
            Bound::Registered(login) => {
                self.bound(&login, new_account).await;
                Ok(login)
            }
            Bound::ByNumberAlone(login) => {
                self.bound(&login, new_account).await;
                self.tell_the_others(&login);
                Ok(login)
            }
            Bound::PhoneTaken => Err(ServiceError::PhoneTaken),
            Bound::RegistrationClosed => Err(ServiceError::RegistrationClosed),
            Bound::ConsentMissing => Err(ServiceError::ConsentRequired),
            Bound::Refused(login) => Err(ServiceError::LoginState(login.at(self.clock.now()).state.name())),
        }
    }

    /// Publishes a registered login. An account that was made for it has no sessions yet to invalidate.
    async fn bound(&self, login: &Login, new_account: AccountId) {
        match login.state {
            LoginState::Registered { account, .. } if account == new_account => {}
            LoginState::Registered { account, .. } => self.invalidation.account_changed(account).await,
            LoginState::Loop { .. }
            | LoginState::Scanned { .. }
            | LoginState::Unregistered { .. }
            | LoginState::Expired { .. } => {}
        }
        self.publisher.publish(login).await;
        self.publisher.count(login.id, &[LoginStep::Bound, LoginStep::Registered]).await;
    }

    /// Tells the persons of the account's other identities in the chat, in the background. Where that is lost, they are
    /// told once they write or scan.
    fn tell_the_others(&self, login: &Login) {
        let LoginState::Registered { account, .. } = login.state else { return };
        let notices = Arc::clone(&self.notices);
        let work = async move { Ok(notices.send(account).await?) };
        self.background.spawn("telling an account's persons of a new identity", Box::pin(work));
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
