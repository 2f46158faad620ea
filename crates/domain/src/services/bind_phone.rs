//! Binding a phone number with the code that was sent to it.

use super::{FlowError, Flows, send_code::only_unregistered};
use crate::{
    account::{AccountId, PhoneNumber, VerifiedPhone},
    login::{AuthenticatedLogin, Login},
    ports::{Binding, BindingProof, Bound},
    sms::{CodeUse, SmsCode},
};

impl Flows {
    /// Binds a phone number and returns the registered login; asked twice with the right code it answers the
    /// same twice.
    ///
    /// # Errors
    /// [`FlowError::LoginState`] unless the login is unregistered, [`FlowError::PhoneInvalid`],
    /// [`FlowError::SmsCodeWrong`] or [`FlowError::SmsCodeExpired`], [`FlowError::RateLimited`] for a number
    /// that was guessed at too often, [`FlowError::PhoneTaken`].
    pub async fn bind_phone(
        &self,
        held: &AuthenticatedLogin,
        phone: &str,
        code: &str,
    ) -> Result<Login, FlowError> {
        let phone = PhoneNumber::parse(phone).map_err(|_| FlowError::PhoneInvalid)?;
        let code = SmsCode::parse(code);
        match self.bind_now(held, phone.clone(), code.clone()).await {
            Ok(login) => Ok(login),
            // Asked only now, because the same request may have been bound by its twin in the meantime.
            Err(refused) => {
                let Some(code) = code else { return Err(refused) };
                let proof = code.binding_proof(self.key_of(held.id()), held.id(), &phone);
                self.bound_before(held, proof).await?.ok_or(refused)
            }
        }
    }

    async fn bind_now(
        &self,
        held: &AuthenticatedLogin,
        phone: PhoneNumber,
        code: Option<SmsCode>,
    ) -> Result<Login, FlowError> {
        only_unregistered(&self.recall(held.id()).await?)?;
        // What cannot be a code is a wrong one, and counts like any other try.
        let tried = code.unwrap_or_else(SmsCode::none);
        let phone = self.prove_phone(held.id(), CodeUse::Login, phone, &tried).await?;
        let proof = tried.binding_proof(self.key_of(held.id()), held.id(), phone.number());
        self.bind(held, phone, proof).await
    }

    /// Binds a number that was proven, and tells everybody.
    pub(super) async fn bind(
        &self,
        held: &AuthenticatedLogin,
        phone: VerifiedPhone,
        proof: BindingProof,
    ) -> Result<Login, FlowError> {
        let at = self.now();
        let binding = Binding {
            login: held.id(),
            proof,
            at,
            window: self.policy.bind_ttl,
            new_account: AccountId::generate(at, &*self.ports.random),
            phone,
        };
        match self.ports.logins.bind(binding).await? {
            Bound::Registered(login) => {
                self.bound(&login).await;
                self.publish(&login).await;
                Ok(login)
            }
            Bound::PhoneTaken => Err(FlowError::PhoneTaken),
            Bound::Refused(login) => Err(FlowError::LoginState(login.at(self.now()).state.name())),
        }
    }

    /// Returns the login if it was bound with this proof before.
    pub(super) async fn bound_before(
        &self,
        held: &AuthenticatedLogin,
        proof: BindingProof,
    ) -> Result<Option<Login>, FlowError> {
        let record = self.ports.logins.find(held.id()).await?;
        Ok(record.filter(|record| record.proof == Some(proof)).map(|record| record.login))
    }
}
