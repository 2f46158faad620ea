//! Binding a phone number to a login with the code that was sent to it.

use std::sync::Arc;

use super::{
    CodeRequest, PhoneRule, SentCode, ServiceError,
    issuing_key::issuing_key,
    login_reader::LoginReader,
    phone_codes::{CodeSubject, PhoneCodes},
    phone_commit::PhoneCommit,
};
use crate::{
    account::PhoneNumber,
    keys::{KeyRing, Purpose},
    login::{AuthenticatedLogin, Login, LoginId, LoginState},
    ports::BindingProof,
    session::AuthMethod,
    sms::{CodeUse, SmsCode},
};

/// Binds phone numbers with SMS codes.
pub struct PhoneBinding {
    pub(super) reader: LoginReader,
    pub(super) codes: PhoneCodes,
    pub(super) commit: PhoneCommit,
    pub(super) keys: Arc<KeyRing>,
}

impl PhoneBinding {
    /// Sends a code to a number; whether the number has an account makes no difference.
    ///
    /// # Errors
    /// [`ServiceError::LoginState`] unless the login is unregistered, [`ServiceError::PhoneInvalid`],
    /// [`ServiceError::SmsCountryRefused`], [`ServiceError::RateLimited`], and [`ServiceError::Store`] or [`ServiceError::Sms`] when it was not sent:
    /// limits that cannot be counted let no SMS pass.
    pub async fn send_code(
        &self,
        auth: &AuthenticatedLogin,
        request: CodeRequest<'_>,
    ) -> Result<SentCode, ServiceError> {
        let subject = self.require_unregistered(auth.id()).await?;
        self.codes.send(&subject, request).await
    }

    /// Binds a phone number and returns the registered login. A repetition with the right code gets the same answer.
    ///
    /// # Errors
    /// [`ServiceError::LoginState`] unless the login is unregistered, [`ServiceError::PhoneInvalid`],
    /// [`ServiceError::SmsCodeWrong`] or [`ServiceError::SmsCodeExpired`], [`ServiceError::RateLimited`] for a
    /// number with too many wrong tries, [`ServiceError::PhoneTaken`].
    pub async fn bind(
        &self,
        auth: &AuthenticatedLogin,
        phone: &str,
        code: &str,
    ) -> Result<Login, ServiceError> {
        let phone = PhoneNumber::parse(phone).map_err(|_| ServiceError::PhoneInvalid)?;
        let (login, code) = (auth.id(), SmsCode::parse(code));
        // Text that cannot be a code is a wrong code, and counts like any other try.
        let (is_code, tried) = (code.is_some(), code.unwrap_or_else(SmsCode::none));
        let proof = tried.binding_proof(issuing_key(&self.keys, login), login, &phone);
        match self.prove_and_commit(login, phone, &tried, proof).await {
            Err(refused) if is_code => self.commit.committed_before(login, proof, refused).await,
            result => result,
        }
    }

    async fn prove_and_commit(
        &self,
        login: LoginId,
        phone: PhoneNumber,
        tried: &SmsCode,
        proof: BindingProof,
    ) -> Result<Login, ServiceError> {
        let subject = self.require_unregistered(login).await?;
        let phone = self.codes.prove(&subject, phone, tried).await?;
        match self.commit.commit(login, Some((phone, AuthMethod::Sms)), proof).await {
            // A code that was guessed, or an account that has gone: a stranger learns neither.
            Err(ServiceError::RegistrationClosed) if subject.known_only => Err(ServiceError::SmsCodeExpired),
            done => done,
        }
    }

    /// Registers a login without a phone number, where the settings allow that. A repetition gets the same answer.
    ///
    /// # Errors
    /// [`ServiceError::PhoneNeeded`] where they do not; [`ServiceError::LoginState`] unless the login is unregistered;
    /// [`ServiceError::RegistrationClosed`] for a person who has no account where new ones are not made.
    pub async fn skip(&self, auth: &AuthenticatedLogin) -> Result<Login, ServiceError> {
        if self.commit.policy.phone == PhoneRule::Required {
            return Err(ServiceError::PhoneNeeded);
        }
        let login = auth.id();
        let key = issuing_key(&self.keys, login);
        let proof = BindingProof(key.derive(Purpose::PhoneBinding, &[login.as_bytes(), b"none"]));
        match self.commit.commit(login, None, proof).await {
            Err(refused) => self.commit.committed_before(login, proof, refused).await,
            done => done,
        }
    }

    /// Refuses unless the login waits for a phone number, and returns whom its codes are for. Reads the database: the
    /// cache may be out of date, and codes are seldom asked for.
    async fn require_unregistered(&self, login: LoginId) -> Result<CodeSubject, ServiceError> {
        match self.reader.read_now(login).await?.state {
            LoginState::Unregistered { identity: Some(identity), .. } => {
                let person = identity.to_string();
                Ok(CodeSubject { login, code_use: CodeUse::Login, person, known_only: false })
            }
            LoginState::Unregistered { identity: None, .. } => {
                let (person, known_only) = (login.to_string(), !self.commit.policy.admits_number_alone());
                Ok(CodeSubject { login, code_use: CodeUse::Login, person, known_only })
            }
            state @ (LoginState::Loop { .. }
            | LoginState::Scanned { .. }
            | LoginState::Registered { .. }
            | LoginState::Expired { .. }) => Err(ServiceError::LoginState(state.name())),
        }
    }
}
