//! What the services answer, in the model's words.

use proptest::prelude::*;
use saoma_domain::{
    account::AccountId,
    login::{self, LoginState},
    ports::OpenDataError,
    services::ServiceError,
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
            LoginState::Scanned { .. } => Stands::Asked,
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
pub(super) fn refused<T>(answer: &Result<T, ServiceError>) -> Option<Refused> {
    answer.as_ref().err().map(|error| match error {
        ServiceError::LoginUnknown => Refused::Unknown,
        ServiceError::LoginClosed => Refused::Closed,
        ServiceError::LoginState(state) => Refused::State(state),
        ServiceError::SmsCodeWrong { attempts_left } => Refused::Wrong(*attempts_left),
        ServiceError::SmsCodeExpired => Refused::NoCode,
        ServiceError::PhoneTaken => Refused::Taken,
        ServiceError::IdentityTooNew | ServiceError::ScanRequired => Refused::TooNew,
        ServiceError::OAuthState => Refused::NotReturnedTo,
        ServiceError::CodeInvalid => Refused::BadCode,
        ServiceError::SnapshotUser => Refused::VirtualPerson,
        ServiceError::WechatData(OpenDataError::CodeInvalid) => Refused::ProvesNoPhone,
        ServiceError::RecentLoginRequired => Refused::TooOld,
        ServiceError::LastIdentity => Refused::LastIdentity,
        ServiceError::IdentityUnknown => Refused::NotTheirs,
        ServiceError::RegistrationClosed => Refused::RegistrationClosed,
        ServiceError::PhoneNeeded => Refused::PhoneNeeded,
        ServiceError::ScannedByAnother => Refused::ByAnother,
        ServiceError::RateLimited { .. }
        | ServiceError::PhoneInvalid
        | ServiceError::AccountDisabled
        | ServiceError::Refused(_)
        | ServiceError::SessionInvalid
        | ServiceError::WechatData(_)
        | ServiceError::Wechat(_)
        | ServiceError::Sms { .. }
        | ServiceError::SmsCountryRefused
        | ServiceError::AccountUnknown
        | ServiceError::BelongsToOthers(_)
        | ServiceError::MergeImpossible
        | ServiceError::MergeDisturbed(_)
        | ServiceError::Malformed { .. }
        | ServiceError::ConsentRequired
        | ServiceError::SmsLoginOff
        | ServiceError::CheckFailed
        | ServiceError::Store(_) => unreachable!("{error}"),
    })
}
