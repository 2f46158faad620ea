//! Accounts, and what their owners change: the identities and the phone number.

use std::sync::Arc;

use super::{
    CodeRequest, OpenData, Policy, SentCode, ServiceError, WechatPhone,
    phone_codes::{CodeSubject, PhoneCodes},
    recent_login::{require_recent_login, require_scan},
    session_invalidation::SessionInvalidation,
};
use crate::{
    account::{Account, AccountId, Identity, IdentityId, PhoneNumber, VerifiedPhone},
    ports::{Accounts, ActiveSession, Clock, Merges, PhoneChange, PhoneChanged, Random, Removal, Removed},
    sms::{CodeUse, SmsCode},
    wechat::{AppName, OpenId},
};

/// Reads accounts and changes them for their owners.
pub struct AccountService {
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) codes: PhoneCodes,
    pub(super) open_data: Arc<OpenData>,
    pub(super) merges: Arc<dyn Merges>,
    pub(super) invalidation: Arc<SessionInvalidation>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) policy: Arc<Policy>,
}

impl AccountService {
    /// Returns the identity of a person within an app, linked or not.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn identity_of(
        &self,
        app: &AppName,
        openid: &OpenId,
    ) -> Result<Option<Identity>, ServiceError> {
        Ok(self.accounts.identity_of(app, openid).await?)
    }

    /// Returns an account.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, ServiceError> {
        Ok(self.accounts.account(id).await?)
    }

    /// Unlinks an identity from the account, so that it leads to no account any more, and ends the sessions that came
    /// from it. The session that asks stays, whichever identity it came from.
    ///
    /// # Errors
    /// [`ServiceError::RecentLoginRequired`], [`ServiceError::IdentityUnknown`], [`ServiceError::LastIdentity`],
    /// [`ServiceError::IdentityTooNew`], and [`ServiceError::Store`] when it is not known to be committed.
    pub async fn remove_identity(&self, active: &ActiveSession, id: IdentityId) -> Result<(), ServiceError> {
        let now = self.clock.now();
        require_recent_login(&active.session, now)?;
        require_scan(active)?;
        let (account, asked_by) = (active.account.id, active.session.id);
        let removal = Removal { account, identity: id, asked_by, at: now };
        match self.accounts.remove_identity(removal).await? {
            Removed::Done { ended } => {
                self.invalidation.invalidate(&ended).await;
                self.invalidation.account_changed(account).await;
                Ok(())
            }
            Removed::LastOne => Err(ServiceError::LastIdentity),
            Removed::OnProbation => Err(ServiceError::IdentityTooNew),
            Removed::Unknown => Err(ServiceError::IdentityUnknown),
        }
    }

    /// Sends a code to the number that the account is to have; whether another account has it makes no
    /// difference.
    ///
    /// # Errors
    /// [`ServiceError::RecentLoginRequired`], else as [`PhoneBinding::send_code`](super::PhoneBinding::send_code).
    pub async fn send_new_phone_code(
        &self,
        active: &ActiveSession,
        request: CodeRequest<'_>,
    ) -> Result<SentCode, ServiceError> {
        require_recent_login(&active.session, self.clock.now())?;
        require_scan(active)?;
        self.codes.send(&new_phone_of(active), request).await
    }

    /// Gives the account another number and returns the account as it is then. A repetition with the right code gets
    /// the same answer.
    ///
    /// # Errors
    /// [`ServiceError::RecentLoginRequired`], [`ServiceError::PhoneInvalid`], [`ServiceError::SmsCodeWrong`] or
    /// [`ServiceError::SmsCodeExpired`], [`ServiceError::RateLimited`] for a number with too many wrong tries,
    /// [`ServiceError::PhoneTaken`] for one of another account, [`ServiceError::IdentityTooNew`], and [`ServiceError::Store`] when it is not known to
    /// be committed.
    pub async fn change_phone(
        &self,
        active: &ActiveSession,
        phone: &str,
        code: &str,
    ) -> Result<Account, ServiceError> {
        require_recent_login(&active.session, self.clock.now())?;
        require_scan(active)?;
        let phone = PhoneNumber::parse(phone).map_err(|_| ServiceError::PhoneInvalid)?;
        // Text that cannot be a code is a wrong code, and counts like any other try.
        let tried = SmsCode::parse(code).unwrap_or_else(SmsCode::none);
        let verified = self.codes.prove(&new_phone_of(active), phone, &tried).await?;
        self.give_phone(active, verified).await
    }

    /// Gives the account the number that WeChat vouches for, of its user of a mini program, and returns the account as it
    /// is then.
    ///
    /// # Errors
    /// [`ServiceError::RecentLoginRequired`], [`ServiceError::IdentityUnknown`] for an account without a user of a mini
    /// program, [`ServiceError::WechatData`], [`ServiceError::Wechat`], and as [`AccountService::change_phone`].
    pub async fn change_phone_by_wechat(
        &self,
        active: &ActiveSession,
        phone: &WechatPhone,
    ) -> Result<Account, ServiceError> {
        require_recent_login(&active.session, self.clock.now())?;
        require_scan(active)?;
        let verified = self.open_data.prove_phone(active, phone).await?;
        self.give_phone(active, verified).await
    }

    async fn give_phone(
        &self,
        active: &ActiveSession,
        verified: VerifiedPhone,
    ) -> Result<Account, ServiceError> {
        let phone = verified.number().clone();
        let (account, asked_by, at) = (active.account.id, active.session.login, self.clock.now());
        let change = PhoneChange { account, phone: verified, asked_by, at };
        match self.accounts.change_phone(change).await? {
            PhoneChanged::Done => {
                self.invalidation.account_changed(active.account.id).await;
                Ok(Account { phone: Some(phone), ..active.account.clone() })
            }
            PhoneChanged::Taken => Err(ServiceError::PhoneTaken),
            PhoneChanged::OnProbation => Err(ServiceError::IdentityTooNew),
        }
    }
}

/// Returns what a code proves that gives an account another number, or the account of that number.
pub(super) fn new_phone_of(active: &ActiveSession) -> CodeSubject {
    let person = active.account.id.to_string();
    CodeSubject { login: active.session.login, code_use: CodeUse::NewPhone, person, known_only: false }
}
