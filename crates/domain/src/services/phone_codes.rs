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
        AuditKind, AuditNote, AuditTrail, Background, Clock, CodeAttempt, People, PersonKey, Random,
        SmsCodes, SmsError, SmsMessage, SmsSender,
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
    /// Whether only numbers that have an account get a code, and a stranger learns nothing of that.
    pub(super) known_only: bool,
}

/// A request for a code that was counted.
struct CodeOrder {
    login: LoginId,
    phone: PhoneNumber,
    code_use: CodeUse,
    client: ClientSubject,
}

/// Sends codes and checks them.
#[derive(Clone)]
pub(super) struct PhoneCodes {
    pub(super) limiter: RateLimiter,
    pub(super) watch: Arc<SmsWatch>,
    pub(super) audit: Arc<dyn AuditTrail>,
    pub(super) people: Arc<dyn People>,
    pub(super) background: Arc<dyn Background>,
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
        let order = self.ordered(subject, request).await?;
        let sent = SentCode {
            resend_in: self.policy.limits.sms_per_phone_gap,
            expires_in: self.policy.sms.code_ttl,
        };
        let code = self.new_code(&order).await?;
        if subject.known_only {
            self.send_if_known(order, code);
            return Ok(sent);
        }
        match self.deliver(&order, code).await? {
            Ok(()) => Ok(sent),
            Err(error) => Err(ServiceError::Sms { error, retry_after: sent.resend_in }),
        }
    }

    /// Counts a request against the limits.
    async fn ordered(
        &self,
        subject: &CodeSubject,
        request: CodeRequest<'_>,
    ) -> Result<CodeOrder, ServiceError> {
        let CodeSubject { login, code_use, person, .. } = subject;
        let phone = PhoneNumber::parse(request.phone).map_err(|_| ServiceError::PhoneInvalid)?;
        if !self.policy.sms.countries.include(&phone) {
            return Err(ServiceError::SmsCountryRefused);
        }
        let counted_as = counted_as(&self.keys, &phone);
        let to = SmsSubject { phone: &counted_as, login: *login, person, client: request.client };
        let tightened = self.watch.too_many_unused().is_some();
        self.limiter.take(&self.policy.limits.sms(&to, tightened)).await?;
        Ok(CodeOrder { login: *login, phone, code_use: *code_use, client: request.client })
    }

    /// Sends a code in the background, if the number has an account. Until the caller is answered the same is done for every
    /// number, so neither the answer nor its time says whether it has one; a code that was not sent is a wrong code.
    fn send_if_known(&self, order: CodeOrder, code: SmsCode) {
        let codes = self.clone();
        let work = async move {
            let key = PersonKey::Phone(order.phone.clone());
            if codes.people.find_people(key).await?.is_empty() {
                codes.note(&order, "no_account").await;
                return Ok(());
            }
            // The person asks for another one where none comes; what went wrong is in the trail.
            codes.deliver(&order, code).await.map(drop).map_err(|error| error.to_string().into())
        };
        self.background.spawn("sending a code to a number that has an account", Box::pin(work));
    }

    /// Hands a code to the providers, one after the other, and writes into the trail how that ended. Each provider gets a code of
    /// its own: one that was too slow may still send, and no code is in two messages.
    async fn deliver(&self, order: &CodeOrder, first: SmsCode) -> Result<Result<(), SmsError>, ServiceError> {
        let (mut code, mut attempt) = (first, 0);
        loop {
            let message = SmsMessage {
                phone: order.phone.clone(),
                code,
                purpose: order.code_use.as_str(),
                expires_in: self.policy.sms.code_ttl,
            };
            match self.sms_sender.send(message, attempt).await {
                Ok(_) => {
                    self.watch.code_sent();
                    self.note(order, "sent").await;
                    return Ok(Ok(()));
                }
                Err(error) if error.try_next => attempt += 1,
                Err(error) => {
                    self.note(order, "failed").await;
                    return Ok(Err(error));
                }
            }
            code = self.new_code(order).await?;
        }
    }

    /// Writes into the trail what became of a request. The message is out: the person has to be told so, whatever becomes of
    /// this.
    async fn note(&self, order: &CodeOrder, outcome: &str) {
        let note = AuditNote {
            login: Some(order.login),
            client: ClientInfo::new(order.client.address(), ""),
            outcome: Some(outcome.to_owned()),
            ..AuditNote::new(AuditKind::SmsCode, self.clock.now())
        };
        let _ = self.audit.write_note(note).await;
    }

    /// Makes a code, which takes the place of an earlier one. It is stored before it is sent: the message may be read before the
    /// provider has answered.
    async fn new_code(&self, order: &CodeOrder) -> Result<SmsCode, ServiceError> {
        let CodeOrder { login, phone, code_use, .. } = order;
        let code = SmsCode::generate(&*self.random);
        let digest = code.digest(issuing_key(&self.keys, *login), *login, phone, *code_use);
        let (expires_in, attempts) = (self.policy.sms.code_ttl, self.policy.sms.code_attempts);
        self.sms_codes.put(*login, digest, attempts, self.clock.now().plus(expires_in)).await?;
        Ok(code)
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
        let CodeSubject { login, code_use, person, .. } = subject;
        let digest = tried.digest(issuing_key(&self.keys, *login), *login, &phone, *code_use);
        let wrong = match self.sms_codes.attempt(*login, digest, self.clock.now()).await? {
            CodeAttempt::Right => None,
            CodeAttempt::Wrong { attempts_left } => Some(ServiceError::SmsCodeWrong { attempts_left }),
            CodeAttempt::OtherNumber { attempts_left } => {
                return Err(ServiceError::SmsCodeWrong { attempts_left });
            }
            CodeAttempt::Gone => return Err(ServiceError::SmsCodeExpired),
        };
        self.limiter.take(&self.policy.limits.sms_tries(&counted_as(&self.keys, &phone), person)).await?;
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        self.watch.code_used();
        Ok(VerifiedPhone::proven(phone))
    }
}

/// Returns what a number counts as, so that no store ever sees the number in a counter's name.
pub(super) fn counted_as(keys: &KeyRing, phone: &PhoneNumber) -> String {
    URL_SAFE_NO_PAD.encode(keys.current().derive(Purpose::PhoneCounter, &[phone.e164().as_bytes()]))
}
