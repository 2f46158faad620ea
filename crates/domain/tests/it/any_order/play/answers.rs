//! What the flows answer, in the model's words.

use proptest::prelude::*;
use saoma_domain::{
    account::AccountId,
    login::{self, LoginState},
    ports::OpenDataError,
    services::FlowError,
};

use super::{Play, Verdict};
use crate::any_order::model::{Refused, Stands};

impl Play {
    /// Returns the number of an account.
    pub(in crate::any_order) fn account(&self, id: AccountId) -> usize {
        self.accounts.iter().position(|known| *known == id).unwrap()
    }

    /// Returns where a login stands.
    pub(in crate::any_order) fn stands(&self, login: &login::Login) -> (Stands, u32) {
        let stands = match login.state {
            LoginState::Loop { .. } => Stands::Loop,
            LoginState::Unregistered { .. } => Stands::Unregistered,
            LoginState::Registered { account, .. } => Stands::Registered { account: self.account(account) },
            LoginState::Expired { reason, .. } => Stands::Expired(reason),
        };
        (stands, login.version)
    }

    /// Compares where a login stands that was bound, perhaps to an account that was made for it.
    pub(super) fn is_bound(&mut self, login: usize, bound: Option<login::Login>) -> Verdict {
        let Some(bound) = bound else { return Ok(()) };
        if let LoginState::Registered { account, .. } = bound.state
            && self.accounts.len() < self.model.accounts.len()
        {
            self.accounts.push(account);
        }
        prop_assert_eq!(self.stands(&bound), self.model.logins[login].at(self.now()));
        Ok(())
    }
}

/// Returns why something was refused.
pub(super) fn refused<T>(answer: &Result<T, FlowError>) -> Option<Refused> {
    answer.as_ref().err().map(|error| match error {
        FlowError::LoginUnknown => Refused::Unknown,
        FlowError::LoginClosed => Refused::Closed,
        FlowError::LoginState(state) => Refused::State(state),
        FlowError::SmsCodeWrong { attempts_left } => Refused::Wrong(*attempts_left),
        FlowError::SmsCodeExpired => Refused::NoCode,
        FlowError::PhoneTaken => Refused::Taken,
        FlowError::OAuthState => Refused::NotReturnedTo,
        FlowError::CodeInvalid => Refused::BadCode,
        FlowError::SnapshotUser => Refused::VirtualPerson,
        FlowError::WechatData(OpenDataError::Malformed) => Refused::ProvesNoPhone,
        FlowError::RecentLoginRequired => Refused::TooOld,
        FlowError::LastIdentity => Refused::LastIdentity,
        FlowError::IdentityUnknown => Refused::NotTheirs,
        FlowError::RateLimited { .. }
        | FlowError::PhoneInvalid
        | FlowError::AccountDisabled
        | FlowError::SessionInvalid
        | FlowError::WechatData(_)
        | FlowError::Wechat(_)
        | FlowError::Sms { .. }
        | FlowError::Store(_) => unreachable!("{error}"),
    })
}
