//! What WeChat tells of the user of a mini program for whom there is an account: a phone number, and other open data.

use std::sync::Arc;

use super::{
    ServiceError, WechatPhone,
    code_redeemer::{CodeKind, CodeRedeemer},
};
use crate::{
    account::{AccountId, Identity, PhoneNumber, VerifiedPhone},
    keys::{KeyRing, Purpose},
    login::Channel,
    ports::{
        Accounts, ActiveSession, Clock, MiniProgram, OpenDataError, People, Redemption, SessionKeys,
        WechatError,
    },
    wechat::{AppName, SessionKey},
};

/// Reads what WeChat tells of the users of mini programs who have accounts.
pub struct OpenData {
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) people: Arc<dyn People>,
    pub(super) mini_program: Arc<dyn MiniProgram>,
    pub(super) session_keys: Arc<dyn SessionKeys>,
    pub(super) code_redeemer: CodeRedeemer,
    pub(super) keys: Arc<KeyRing>,
    pub(super) clock: Arc<dyn Clock>,
}

impl OpenData {
    /// Decrypts what a mini program got of an account's person, with the session key of their last login there, which is
    /// kept for a day. Returns the JSON; its watermark names the app and a time at most ten minutes ago.
    ///
    /// # Errors
    /// [`ServiceError::IdentityUnknown`] for an account without a user of the mini program,
    /// [`ServiceError::WechatData`], [`ServiceError::Store`].
    pub async fn open(
        &self,
        account: AccountId,
        app: &AppName,
        encrypted_data: &str,
        iv: &str,
    ) -> Result<String, ServiceError> {
        let users = self.users_of_mini_programs(account).await?;
        let user = users.iter().find(|user| user.app == *app).ok_or(ServiceError::IdentityUnknown)?;
        let key = self.session_key(user).await?.ok_or(OpenDataError::OutdatedKey)?;
        Ok(self.mini_program.open_data(app, &key, encrypted_data, iv, self.clock.now())?)
    }

    /// Returns the phone number that WeChat vouches for, of the account's user of a mini program. A code is sent once at
    /// the most.
    ///
    /// # Errors
    /// [`ServiceError::IdentityUnknown`] for an account without a user of a mini program,
    /// [`ServiceError::WechatData`] for what proves no number, [`ServiceError::Wechat`], [`ServiceError::Store`].
    pub(super) async fn prove_phone(
        &self,
        active: &ActiveSession,
        phone: &WechatPhone,
    ) -> Result<VerifiedPhone, ServiceError> {
        let users = self.users_of_mini_programs(active.account.id).await?;
        let user = users.first().ok_or(ServiceError::IdentityUnknown)?;
        let number = match phone {
            WechatPhone::Code(code) => self.number_by_code(active, user, code).await?,
            WechatPhone::Encrypted { data, iv } => self.number_in(&users, data, iv).await?,
        };
        Ok(VerifiedPhone::proven(number))
    }

    async fn number_by_code(
        &self,
        active: &ActiveSession,
        user: &Identity,
        code: &str,
    ) -> Result<PhoneNumber, ServiceError> {
        let used_up = ServiceError::WechatData(OpenDataError::CodeInvalid);
        let hash = CodeKind::Phone.hash(&user.app, code);
        match self.code_redeemer.redeem_for(active.session.login, hash).await? {
            Redemption::First => {}
            Redemption::Again | Redemption::ByAnother => return Err(used_up),
        }
        let answer = self.mini_program.phone_number(&user.app, &user.openid, code).await;
        let number = answer.map_err(|error| match error {
            WechatError::NotFound { .. } => used_up,
            error @ (WechatError::Unavailable { .. }
            | WechatError::Refused { .. }
            | WechatError::UnknownApp) => ServiceError::Wechat(error),
        })?;
        Ok(number.ok_or(OpenDataError::NoPhone)?)
    }

    /// Opens a number with the key of whichever mini program it was encrypted for.
    async fn number_in(&self, users: &[Identity], data: &str, iv: &str) -> Result<PhoneNumber, ServiceError> {
        let mut refused = OpenDataError::OutdatedKey;
        for user in users {
            let Some(key) = self.session_key(user).await? else { continue };
            match self.mini_program.open_phone(&user.app, &key, data, iv, self.clock.now()) {
                Ok(number) => return Ok(number),
                Err(error) => refused = error,
            }
        }
        Err(refused.into())
    }

    async fn users_of_mini_programs(&self, account: AccountId) -> Result<Vec<Identity>, ServiceError> {
        let mut users = self.accounts.identities(account).await?;
        users.retain(|identity| identity.channel == Channel::MiniProgram);
        Ok(users)
    }

    /// Returns the session key of a person's last login at a mini program; `None` too for one that cannot be opened (any
    /// more).
    async fn session_key(&self, user: &Identity) -> Result<Option<SessionKey>, ServiceError> {
        let Some(login) = self.people.last_login_of(user.id).await? else { return Ok(None) };
        let Some(sealed) = self.session_keys.find(login, self.clock.now()).await? else { return Ok(None) };
        let opened = self.keys.open(Purpose::SessionKey, login.as_bytes(), &sealed);
        let text = opened.and_then(|plain| std::str::from_utf8(&plain).map(str::to_owned).ok());
        Ok(text.map(SessionKey::new))
    }
}
