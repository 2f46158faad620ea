//! Weighing the answer of a phone before it is taken: where the phone is, and whether the gate admits its person.

use std::{net::IpAddr, sync::Arc};

use super::{Policy, gatekeeping::Gatekeeping};
use crate::{
    account::IdentityId,
    login::{LoginId, LoginState},
    nearness::Demand,
    ports::{Accounts, LoginRecord, Logins, Newcomers, PhoneAnswer, Places, Refusal, StoreError},
    rules::{Meaning, meaning},
    wechat::AppName,
};

/// An answer as it came.
#[derive(Clone, Copy)]
pub(super) struct GivenAnswer {
    pub(super) login: LoginId,
    pub(super) identity: IdentityId,
    pub(super) answer: PhoneAnswer,
    /// The address of the phone, where it is known: the chat does not tell it.
    pub(super) phone: Option<IpAddr>,
}

/// What an answer is worth.
pub(super) struct Weight {
    pub(super) demand: Demand,
    pub(super) newcomers: Newcomers,
    /// The gate's, if it refuses the person an account.
    pub(super) refusal: Option<Refusal>,
}

/// Weighs answers. Where the site asks for nothing of this, nothing is read.
pub(super) struct AnswerWeighing {
    pub(super) logins: Arc<dyn Logins>,
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) places: Arc<dyn Places>,
    pub(super) gatekeeping: Gatekeeping,
    pub(super) policy: Arc<Policy>,
}

impl AnswerWeighing {
    /// Weighs an answer; `newcomers` is what becomes of people without an account, as far as the settings say.
    pub(super) async fn weigh(&self, given: GivenAnswer, newcomers: Newcomers) -> Result<Weight, StoreError> {
        let plain = Weight { demand: Demand::AsAsked, newcomers, refusal: None };
        let asks_gate = self.gatekeeping.is_closed() && matches!(newcomers, Newcomers::Admit(_));
        if given.answer == PhoneAnswer::No || !asks_gate && self.policy.elsewhere.is_empty() {
            return Ok(plain);
        }
        let record = self.logins.find(given.login).await?;
        let person = self.accounts.identity(given.identity).await?;
        let (Some(record), Some(person)) = (record, person) else { return Ok(plain) };
        let demand = self.demand(&record, &person.app, given.phone);
        if !asks_gate || !lets_in(&record.login.state, given.answer, demand) {
            return Ok(Weight { demand, ..plain });
        }
        let refusal = self.gatekeeping.refusal_of_newcomer(given.login, person).await?;
        let newcomers = if refusal.is_some() { Newcomers::Refuse } else { newcomers };
        Ok(Weight { demand, newcomers, refusal })
    }

    fn demand(&self, record: &LoginRecord, app: &AppName, phone: Option<IpAddr>) -> Demand {
        let client = record.scan.as_ref().and_then(|(client_info, _)| client_info.ip.parse().ok());
        let (Some(rule), Some(client), Some(phone)) = (self.policy.elsewhere.get(app), client, phone) else {
            return Demand::AsAsked;
        };
        rule.demand(self.places.nearness(client, phone))
    }
}

/// Returns whether an answer lets its client in.
fn lets_in(state: &LoginState, answer: PhoneAnswer, demand: Demand) -> bool {
    match state {
        LoginState::Scanned { question, .. } => {
            matches!(meaning(*question, answer, demand), Meaning::LetsIn(_))
        }
        LoginState::Loop { .. }
        | LoginState::Unregistered { .. }
        | LoginState::Registered { .. }
        | LoginState::Expired { .. } => false,
    }
}
