//! Giving an account another phone number.

use super::{CheckedSession, CodeRequest, FlowError, Flows, SentCode};
use crate::{
    account::{Account, PhoneNumber},
    ports::PhoneChanged,
    sms::{CodeUse, SmsCode},
};

impl Flows {
    /// Sends a code to the number that the account is to have; whether another account has it makes no
    /// difference.
    ///
    /// # Errors
    /// [`FlowError::RecentLoginRequired`], else as [`Flows::send_code`].
    pub async fn send_new_phone_code(
        &self,
        checked: &CheckedSession,
        request: CodeRequest<'_>,
    ) -> Result<SentCode, FlowError> {
        self.require_recent_login(checked)?;
        self.send_code_for(checked.session.login, CodeUse::NewPhone, request).await
    }

    /// Gives the account another number and returns the account as it is then; asked twice with the right code
    /// it answers the same twice.
    ///
    /// # Errors
    /// [`FlowError::RecentLoginRequired`], [`FlowError::PhoneInvalid`], [`FlowError::SmsCodeWrong`] or
    /// [`FlowError::SmsCodeExpired`], [`FlowError::RateLimited`] for a number that was guessed at too often,
    /// [`FlowError::PhoneTaken`] for one of another account, and [`FlowError::Store`] when it is not known to be
    /// committed.
    pub async fn change_phone(
        &self,
        checked: &CheckedSession,
        phone: &str,
        code: &str,
    ) -> Result<Account, FlowError> {
        self.require_recent_login(checked)?;
        let phone = PhoneNumber::parse(phone).map_err(|_| FlowError::PhoneInvalid)?;
        // What cannot be a code is a wrong one, and counts like any other try.
        let tried = SmsCode::parse(code).unwrap_or_else(SmsCode::none);
        let login = checked.session.login;
        let verified = self.prove_phone(login, CodeUse::NewPhone, phone.clone(), &tried).await?;
        match self.ports.accounts.change_phone(checked.account.id, verified, self.now()).await? {
            PhoneChanged::Done => {
                self.account_changed(checked.account.id).await;
                Ok(Account { phone, ..checked.account.clone() })
            }
            PhoneChanged::Taken => Err(FlowError::PhoneTaken),
        }
    }
}
