//! Sending SMS codes, and proving a phone number with the code that was sent to it.

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    ClientSubject, Policy, ServiceError, SmsWatch, issuing_key::issuing_key, limits::SmsSubject,
    rate_limiter::RateLimiter,
};
use crate::{
    account::{PhoneNumber, VerifiedPhone},
    keys::{KeyRing, Purpose},
    login::{ClientInfo, LoginId},
    ports::{
        AuditKind, AuditNote, AuditTrail, Clock, CodeAttempt, Random, SmsCodes, SmsError, SmsMessage,
        SmsReceipt, SmsSender,
    },
    sms::{CodeUse, SmsCode},
};

/// A request for a code.
#[derive(Clone, Copy, Debug)]
pub struct CodeRequest<'a> {
    /// The number as the person typed it.
    pub phone: &'a str,
    /// The client, as limits count it.
    pub client: ClientSubject,
}

/// A code that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentCode {
    /// How long until another one may be asked for.
    pub resend_in: Duration,
    /// How long it is good for.
    pub expires_in: Duration,
}

/// What a code proves, for whom.
pub(super) struct CodeSubject {
    /// The login that asks for a code, or whose session does.
    pub(super) login: LoginId,
    /// What the code is for.
    pub(super) code_use: CodeUse,
    /// Who asks, as limits count them: the identity of a login, or the account of a session.
    pub(super) person: String,
}

/// Sends codes and checks them.
#[derive(Clone)]
pub(super) struct PhoneCodes {
    pub(super) limiter: RateLimiter,
    pub(super) watch: Arc<SmsWatch>,
    pub(super) audit: Arc<dyn AuditTrail>,
    pub(super) sms_codes: Arc<dyn SmsCodes>,
    pub(super) sms_sender: Arc<dyn SmsSender>,
    pub(super) random: Arc<dyn Random>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keys: Arc<KeyRing>,
    pub(super) policy: Arc<Policy>,
}

impl PhoneCodes {
    /// Sends the one valid code of a login, and writes into the trail how that ended.
    pub(super) async fn send(
        &self,
        subject: &CodeSubject,
        request: CodeRequest<'_>,
    ) -> Result<SentCode, ServiceError> {
        let sent = self.send_unnoted(subject, request).await;
        let outcome = match &sent {
            Ok(_) => "sent",
            Err(ServiceError::Sms { .. }) => "failed",
            // What is refused costs nothing and may be asked for without an end.
            Err(_) => return sent,
        };
        let client = ClientInfo::new(request.client.address(), "");
        let note = AuditNote {
            login: Some(subject.login),
            client,
            outcome: Some(outcome.to_owned()),
            ..AuditNote::new(AuditKind::SmsCode, self.clock.now())
        };
        // The message is out: the person has to be told so.
        let _ = self.audit.write_note(note).await;
        sent
    }

    async fn send_unnoted(
        &self,
        subject: &CodeSubject,
        request: CodeRequest<'_>,
    ) -> Result<SentCode, ServiceError> {
        let CodeSubject { login, code_use, person } = subject;
        let (login, code_use) = (*login, *code_use);
        let phone = PhoneNumber::parse(request.phone).map_err(|_| ServiceError::PhoneInvalid)?;
        if !self.policy.sms.countries.include(&phone) {
            return Err(ServiceError::SmsCountryRefused);
        }
        let counted_as = self.counted_as(&phone);
        let to = SmsSubject { phone: &counted_as, login, person, client: request.client };
        let tightened = self.watch.too_many_unused().is_some();
        self.limiter.take(&self.policy.limits.sms(&to, tightened)).await?;
        let (expires_in, resend_in) = (self.policy.sms.code_ttl, self.policy.limits.sms_per_phone_gap);
        let mut attempt = 0;
        while let Err(error) = self.send_new_code(login, &phone, code_use, attempt).await? {
            if !error.try_next {
                return Err(ServiceError::Sms { error, retry_after: resend_in });
            }
            attempt += 1;
        }
        self.watch.code_sent();
        Ok(SentCode { resend_in, expires_in })
    }

    /// Makes a code, which takes the place of an earlier one, and hands it to one provider. Each provider gets a code of its own:
    /// one that was too slow may still send, and no code is in two messages.
    async fn send_new_code(
        &self,
        login: LoginId,
        phone: &PhoneNumber,
        code_use: CodeUse,
        attempt: usize,
    ) -> Result<Result<SmsReceipt, SmsError>, ServiceError> {
        let code = SmsCode::generate(&*self.random);
        let digest = code.digest(issuing_key(&self.keys, login), login, phone, code_use);
        let (expires_in, attempts) = (self.policy.sms.code_ttl, self.policy.sms.code_attempts);
        // Stored before it is sent: the message may be read before the provider has answered.
        self.sms_codes.put(login, digest, attempts, self.clock.now().plus(expires_in)).await?;
        let message = SmsMessage { phone: phone.clone(), code, purpose: code_use.as_str(), expires_in };
        Ok(self.sms_sender.send(message, attempt).await)
    }

    /// Counts a try against the code and the number, and returns the number as verified if the code is right.
    ///
    /// Only tries at a code that was sent to this number count against the number, so that a stranger cannot use
    /// up the tries of its owner.
    pub(super) async fn prove(
        &self,
        subject: &CodeSubject,
        phone: PhoneNumber,
        tried: &SmsCode,
    ) -> Result<VerifiedPhone, ServiceError> {
        let CodeSubject { login, code_use, person } = subject;
        let digest = tried.digest(issuing_key(&self.keys, *login), *login, &phone, *code_use);
        let wrong = match self.sms_codes.attempt(*login, digest, self.clock.now()).await? {
            CodeAttempt::Right => None,
            CodeAttempt::Wrong { attempts_left } => Some(ServiceError::SmsCodeWrong { attempts_left }),
            CodeAttempt::OtherNumber { attempts_left } => {
                return Err(ServiceError::SmsCodeWrong { attempts_left });
            }
            CodeAttempt::Gone => return Err(ServiceError::SmsCodeExpired),
        };
        self.limiter.take(&self.policy.limits.sms_tries(&self.counted_as(&phone), person)).await?;
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        self.watch.code_used();
        Ok(VerifiedPhone::proven(phone))
    }

    /// Returns what a number counts as, so that no store ever sees the number in a counter's name.
    fn counted_as(&self, phone: &PhoneNumber) -> String {
        let hash = self.keys.current().derive(Purpose::PhoneCounter, &[phone.e164().as_bytes()]);
        URL_SAFE_NO_PAD.encode(hash)
    }
}
