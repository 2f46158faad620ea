//! Checks against machines: before an SMS code is all that a login needs, and before SMS that are asked for often.

use std::sync::Arc;

use super::{ClientSubject, MachineCheck, Policy, ServiceError, rate_limiter::RateLimiter};
use crate::{
    account::PhoneNumber,
    keys::KeyRing,
    ports::{Captcha, Clock, CodeHash, OneTimeCodes, Random, Redemption},
    proof_of_work::{WORK_GOOD_FOR, WorkChallenge, WorkSolution},
};

/// What a client shows of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckAnswer {
    /// The solution of a proof of work.
    Work(WorkSolution),
    /// What the script of another service gave.
    Captcha(String),
}

/// Checks that a client is no machine.
pub struct MachineChecks {
    pub(super) captcha: Option<Arc<dyn Captcha>>,
    pub(super) one_time_codes: Arc<dyn OneTimeCodes>,
    pub(super) limiter: RateLimiter,
    pub(super) random: Arc<dyn Random>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keys: Arc<KeyRing>,
    pub(super) policy: Arc<Policy>,
}

impl MachineChecks {
    /// Returns a challenge for a client, where a proof of work is what is asked for.
    pub fn challenge(&self, client: ClientSubject) -> Option<WorkChallenge> {
        let MachineCheck::Work { max_number } = self.policy.machine_check else { return None };
        let (random, now) = (&*self.random, self.clock.now());
        Some(WorkChallenge::issue(&self.keys, random, &client.network(), now, max_number))
    }

    /// Refuses a client that has not passed the check. What it shows is good for one call.
    ///
    /// # Errors
    /// [`ServiceError::CheckFailed`], also where another service does not say; [`ServiceError::Store`] when a solution is not known
    /// to be unused.
    pub async fn require(
        &self,
        client: ClientSubject,
        answer: Option<&CheckAnswer>,
    ) -> Result<(), ServiceError> {
        let is_passed = match (self.policy.machine_check, answer) {
            (MachineCheck::None, _) => true,
            (MachineCheck::Work { .. }, Some(CheckAnswer::Work(solution))) => {
                let (network, now) = (client.network(), self.clock.now());
                solution.is_right(&self.keys, &network, now) && self.is_unused(solution).await?
            }
            (MachineCheck::Captcha, Some(CheckAnswer::Captcha(text))) => match &self.captcha {
                // What is not known to be passed is not passed: SMS cost money.
                Some(captcha) => captcha.is_passed(text).await.unwrap_or(false),
                None => false,
            },
            (MachineCheck::Work { .. }, Some(CheckAnswer::Captcha(_)) | None)
            | (MachineCheck::Captcha, Some(CheckAnswer::Work(_)) | None) => false,
        };
        if is_passed { Ok(()) } else { Err(ServiceError::CheckFailed) }
    }

    /// Refuses a request for an SMS without the check, once its client or its number has used half of what it may.
    ///
    /// # Errors
    /// As [`MachineChecks::require`].
    pub async fn require_for_code(
        &self,
        client: ClientSubject,
        phone: &str,
        answer: Option<&CheckAnswer>,
    ) -> Result<(), ServiceError> {
        if self.policy.machine_check == MachineCheck::None {
            return Ok(());
        }
        // What is no number is refused by what sends the code.
        let Ok(phone) = PhoneNumber::parse(phone) else { return Ok(()) };
        let counted_as = super::phone_codes::counted_as(&self.keys, &phone);
        match self.limiter.take(&self.policy.limits.sms_unchecked(&counted_as, client)).await {
            Err(ServiceError::RateLimited { .. }) => self.require(client, answer).await,
            done => done,
        }
    }

    /// Has the store remember a solution, for longer than it is good for. The first call alone may use it.
    async fn is_unused(&self, solution: &WorkSolution) -> Result<bool, ServiceError> {
        let code = CodeHash::of("proof-of-work", &[solution.challenge.as_bytes()]);
        let until = self.clock.now().plus(WORK_GOOD_FOR);
        Ok(self.one_time_codes.redeem(code, code, until).await? == Redemption::First)
    }
}
