//! Proving a phone number with the code that was sent to it.

use super::{FlowError, Flows};
use crate::{
    account::{PhoneNumber, VerifiedPhone},
    login::LoginId,
    ports::{CodeAttempt, Verdict},
    sms::{CodeUse, SmsCode},
};

impl Flows {
    /// Counts a try against the code and the number, and vouches for the number if the code is right.
    ///
    /// Only tries at a code that was sent to this number count against the number, so that nobody can use up
    /// the tries of a stranger's.
    pub(super) async fn prove_phone(
        &self,
        login: LoginId,
        code_use: CodeUse,
        phone: PhoneNumber,
        tried: &SmsCode,
    ) -> Result<VerifiedPhone, FlowError> {
        let digest = tried.digest(self.key_of(login), login, &phone, code_use);
        let wrong = match self.ports.sms_codes.attempt(login, digest, self.now()).await? {
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
        wrong.map_or(Ok(VerifiedPhone::proven(phone)), Err)
    }
}
