//! Binding a phone number with the code that was sent to it.

use super::{FlowError, Flows, send_code::only_unregistered};
use crate::{
    account::{AccountId, PhoneNumber, VerifiedPhone},
    login::{HeldLogin, Login},
    ports::{Binding, Bound, CodeAttempt, Verdict},
    sms::SmsCode,
};

impl Flows {
    /// Binds a phone number and returns the registered login; asked twice with the right code it answers the
    /// same twice.
    ///
    /// # Errors
    /// [`FlowError::LoginState`] unless the login is unregistered, [`FlowError::PhoneInvalid`],
    /// [`FlowError::SmsCodeWrong`] or [`FlowError::SmsCodeExpired`], [`FlowError::RateLimited`] for a number
    /// that was guessed at too often, [`FlowError::PhoneTaken`].
    pub async fn bind_phone(&self, held: &HeldLogin, phone: &str, code: &str) -> Result<Login, FlowError> {
        let phone = PhoneNumber::parse(phone).map_err(|_| FlowError::PhoneInvalid)?;
        let code = SmsCode::parse(code);
        match self.bind_now(held, phone.clone(), code.clone()).await {
            Ok(login) => Ok(login),
            // Asked only now, because the same request may have been bound by its twin in the meantime.
            Err(refused) => self.bound_before(held, &phone, code.as_ref()).await?.ok_or(refused),
        }
    }

    async fn bind_now(
        &self,
        held: &HeldLogin,
        phone: PhoneNumber,
        code: Option<SmsCode>,
    ) -> Result<Login, FlowError> {
        only_unregistered(&self.recall(held.id()).await?)?;
        let (phone, code) = self.prove(held, phone, code).await?;
        let proof = code.binding_proof(self.key_of(held), held.id(), phone.number());
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
                self.publish(&login).await;
                Ok(login)
            }
            Bound::PhoneTaken => Err(FlowError::PhoneTaken),
            Bound::Refused(login) => Err(FlowError::LoginState(login.at(self.now()).state.name())),
        }
    }

    /// Returns the login if it was bound by this number with this code before.
    async fn bound_before(
        &self,
        held: &HeldLogin,
        phone: &PhoneNumber,
        code: Option<&SmsCode>,
    ) -> Result<Option<Login>, FlowError> {
        let Some(record) = self.ports.logins.find(held.id()).await? else { return Ok(None) };
        let proof = code.map(|code| code.binding_proof(self.key_of(held), held.id(), phone));
        Ok((proof.is_some() && proof == record.proof).then_some(record.login))
    }

    /// Counts a try against the code and the number, and vouches for the number if the code is right.
    ///
    /// Only tries at a code that was sent to this number count against the number, so that nobody can use up
    /// the tries of a stranger's.
    async fn prove(
        &self,
        held: &HeldLogin,
        phone: PhoneNumber,
        code: Option<SmsCode>,
    ) -> Result<(VerifiedPhone, SmsCode), FlowError> {
        // What cannot be a code is a wrong one, and counts like any other try.
        let tried = code.unwrap_or_else(SmsCode::none);
        let attempt = self.attempt(held, &phone, &tried).await?;
        let wrong = match attempt {
            CodeAttempt::Right => None,
            CodeAttempt::Wrong { attempts_left } => Some(FlowError::SmsCodeWrong { attempts_left }),
            CodeAttempt::OtherNumber { attempts_left } => {
                return Err(FlowError::SmsCodeWrong { attempts_left });
            }
            CodeAttempt::Gone => return Err(FlowError::SmsCodeExpired),
        };
        let tries = self.policy.limits.sms_tries(&self.counted_as(&phone));
        if let Verdict::Refused { retry_after } = self.take(&tries).await? {
            return Err(FlowError::RateLimited { retry_after });
        }
        wrong.map_or(Ok((VerifiedPhone::proven(phone), tried)), Err)
    }

    async fn attempt(
        &self,
        held: &HeldLogin,
        phone: &PhoneNumber,
        code: &SmsCode,
    ) -> Result<CodeAttempt, FlowError> {
        let digest = code.digest(self.key_of(held), held.id(), phone);
        Ok(self.ports.sms_codes.attempt(held.id(), digest, self.now()).await?)
    }
}
