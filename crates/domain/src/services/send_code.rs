//! Sending an SMS code to the phone number that is to be bound, or to another one that an account is to have.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{FlowError, Flows};
use crate::{
    account::PhoneNumber,
    keys::Purpose,
    login::{AuthenticatedLogin, Login, LoginId, LoginState},
    ports::{SmsMessage, Verdict},
    sms::{CodeUse, SmsCode},
};

/// A wish to get a code.
#[derive(Clone, Copy, Debug)]
pub struct CodeRequest<'a> {
    /// The number as the person typed it.
    pub phone: &'a str,
    /// What the client counts as for the limits.
    pub client: &'a str,
}

/// A code that is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentCode {
    /// How long until another one may be asked for.
    pub resend_in: Duration,
    /// How long it is good for.
    pub expires_in: Duration,
}

impl Flows {
    /// Sends a code to a number; whether the number has an account makes no difference.
    ///
    /// # Errors
    /// [`FlowError::LoginState`] unless the login is unregistered, [`FlowError::PhoneInvalid`],
    /// [`FlowError::RateLimited`], and [`FlowError::Store`] or [`FlowError::Sms`] when it was not sent:
    /// limits that cannot be counted let no SMS pass.
    pub async fn send_code(
        &self,
        held: &AuthenticatedLogin,
        request: CodeRequest<'_>,
    ) -> Result<SentCode, FlowError> {
        // The board may be behind, and nobody asks for codes often.
        only_unregistered(&self.recall(held.id()).await?)?;
        self.send_code_for(held.id(), CodeUse::Login, request).await
    }

    /// Sends the one live code of a login.
    pub(super) async fn send_code_for(
        &self,
        login: LoginId,
        code_use: CodeUse,
        request: CodeRequest<'_>,
    ) -> Result<SentCode, FlowError> {
        let phone = PhoneNumber::parse(request.phone).map_err(|_| FlowError::PhoneInvalid)?;
        let limits = self.policy.limits.sms(&self.counted_as(&phone), request.client);
        if let Verdict::Refused { retry_after } = self.take(&limits).await? {
            return Err(FlowError::RateLimited { retry_after });
        }
        let code = SmsCode::generate(&*self.ports.random);
        let digest = code.digest(self.key_of(login), login, &phone, code_use);
        let (expires_in, attempts) = (self.policy.sms.code_ttl, self.policy.sms.code_attempts);
        // Kept before it is sent: the message may be read before the gateway has answered.
        self.ports.sms_codes.put(login, digest, attempts, self.now().plus(expires_in)).await?;
        let resend_in = self.policy.limits.sms_per_phone_gap;
        let message = SmsMessage { phone, code, purpose: code_use.as_str(), expires_in };
        let sent = self.ports.sms_sender.send(message).await;
        sent.map_err(|error| FlowError::Sms { error, retry_after: resend_in })?;
        Ok(SentCode { resend_in, expires_in })
    }

    /// Returns what a number counts as, so that no store ever sees the number in a counter's name.
    pub(super) fn counted_as(&self, phone: &PhoneNumber) -> String {
        let hash = self.keys.current().derive(Purpose::PhoneCounter, &[phone.e164().as_bytes()]);
        URL_SAFE_NO_PAD.encode(hash)
    }
}

/// Refuses unless a login waits for a phone number.
pub(super) fn only_unregistered(login: &Login) -> Result<(), FlowError> {
    match &login.state {
        LoginState::Unregistered { .. } => Ok(()),
        state @ (LoginState::Loop { .. } | LoginState::Registered { .. } | LoginState::Expired { .. }) => {
            Err(FlowError::LoginState(state.name()))
        }
    }
}
