//! Keeps machines from what costs money.

use std::sync::Arc;

use saoma_domain::services::{CheckAnswer, ClientSubject, MachineChecks, ServiceError};

use crate::{
    config::CheckConfig,
    dto::{CheckBody, CheckRequest},
    problem::Problem,
};

/// Keeps machines from what costs money: a refusal comes with a new challenge.
pub(crate) struct MachineGuard {
    pub(crate) checks: Arc<MachineChecks>,
    pub(crate) config: CheckConfig,
}

impl MachineGuard {
    /// Returns what a client has to do.
    pub(crate) fn ask(&self, client: ClientSubject) -> CheckBody {
        CheckBody::new(&self.config, self.checks.challenge(client))
    }

    /// Refuses a client that has not passed the check.
    pub(crate) async fn require(
        &self,
        client: ClientSubject,
        shown: Option<&CheckRequest>,
    ) -> Result<(), Problem> {
        let done = self.checks.require(client, answer(shown).as_ref()).await;
        done.map_err(|error| self.problem(error, client))
    }

    /// Refuses a request for an SMS without the check, once its client or its number has used half of what it may.
    pub(crate) async fn require_for_code(
        &self,
        client: ClientSubject,
        phone: &str,
        shown: Option<&CheckRequest>,
    ) -> Result<(), Problem> {
        let done = self.checks.require_for_code(client, phone, answer(shown).as_ref()).await;
        done.map_err(|error| self.problem(error, client))
    }

    fn problem(&self, error: ServiceError, client: ClientSubject) -> Problem {
        let is_of_check = error == ServiceError::CheckFailed;
        let problem = Problem::from(error);
        if is_of_check { problem.with_check(self.ask(client)) } else { problem }
    }
}

fn answer(shown: Option<&CheckRequest>) -> Option<CheckAnswer> {
    shown.and_then(CheckRequest::answer)
}
