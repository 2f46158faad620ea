//! Binding the phone number that WeChat vouches for, of a mini program's user.

use std::sync::Arc;

use super::{
    Policy, ServiceError, Waiting,
    code_redeemer::{CodeKind, CodeRedeemer, OUTCOME_WITHIN},
    issuing_key::issuing_key,
    limits::wechat_phone_tries,
    login_reader::LoginReader,
    phone_commit::PhoneCommit,
    rate_limiter::RateLimiter,
};
use crate::{
    account::{Identity, PhoneNumber, VerifiedPhone},
    keys::{KeyRing, Purpose},
    login::{AuthenticatedLogin, Channel, Login, LoginId, LoginState},
    ports::{
        Accounts, BindingProof, Clock, MiniProgram, OpenDataError, Redemption, SessionKeys, StoreError,
        WechatError,
    },
    session::AuthMethod,
    wechat::SessionKey,
};

/// What `getPhoneNumber` gave the mini program.
#[derive(Clone, PartialEq, Eq)]
pub enum WechatPhone {
    /// A code that WeChat exchanges for the number.
    Code(String),
    /// The number itself, encrypted with the session key; both in base64.
    Encrypted {
        /// `encryptedData`.
        data: String,
        /// `iv`.
        iv: String,
    },
}

impl std::fmt::Debug for WechatPhone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Code(_) => "Code(redacted)",
            Self::Encrypted { .. } => "Encrypted(redacted)",
        })
    }
}

/// Binds phone numbers that WeChat vouches for.
pub struct WechatPhoneBinding {
    pub(super) reader: LoginReader,
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) limiter: RateLimiter,
    pub(super) code_redeemer: CodeRedeemer,
    pub(super) waiting: Arc<Waiting>,
    pub(super) mini_program: Arc<dyn MiniProgram>,
    pub(super) session_keys: Arc<dyn SessionKeys>,
    pub(super) commit: PhoneCommit,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keys: Arc<KeyRing>,
    pub(super) policy: Arc<Policy>,
}

impl WechatPhoneBinding {
    /// Binds the phone number that WeChat vouches for, and returns the registered login. A repetition with the same
    /// proof gets the same answer. A code is sent once at the most.
    ///
    /// # Errors
    /// [`ServiceError::LoginState`] unless the login is an unregistered one of a mini program,
    /// [`ServiceError::WechatData`] for what proves no number (a code that is unknown or used counts as malformed),
    /// [`ServiceError::Wechat`], [`ServiceError::PhoneTaken`], and [`ServiceError::RateLimited`] after a hundred
    /// tries; a try that cannot be counted is refused.
    pub async fn bind(&self, auth: &AuthenticatedLogin, phone: WechatPhone) -> Result<Login, ServiceError> {
        let proof = self.proof_of(auth.id(), &phone);
        match self.prove_and_commit(auth, &phone, proof).await {
            Ok(login) => Ok(login),
            Err(refused) => self.commit.committed_before(auth.id(), proof, refused).await,
        }
    }

    async fn prove_and_commit(
        &self,
        auth: &AuthenticatedLogin,
        phone: &WechatPhone,
        proof: BindingProof,
    ) -> Result<Login, ServiceError> {
        let login = self.reader.read_now(auth.id()).await?;
        let person = self.mini_program_user(&login).await?;
        self.limiter.take(&[wechat_phone_tries(auth.id(), self.policy.bind_ttl)]).await?;
        let number = match phone {
            WechatPhone::Code(code) => self.number_by_code(auth, &login, &person, code).await?,
            WechatPhone::Encrypted { data, iv } => {
                let key = self.session_key(auth.id()).await?.ok_or(OpenDataError::OutdatedKey)?;
                self.mini_program.open_phone(&person.app, &key, data, iv, self.clock.now())?
            }
        };
        self.commit
            .commit(auth.id(), Some((VerifiedPhone::proven(number), AuthMethod::WechatPhone)), proof)
            .await
    }

    /// Returns the person of a mini program who waits for a phone number.
    async fn mini_program_user(&self, login: &Login) -> Result<Identity, ServiceError> {
        let refused = ServiceError::LoginState(login.state.name());
        let id = match login.state {
            LoginState::Unregistered { identity: Some(identity), .. } => identity,
            LoginState::Unregistered { identity: None, .. }
            | LoginState::Loop { .. }
            | LoginState::Scanned { .. }
            | LoginState::Registered { .. }
            | LoginState::Expired { .. } => {
                return Err(refused);
            }
        };
        let missing = || StoreError::Corrupt(format!("there is no identity {id}"));
        let identity = self.accounts.identity(id).await?.ok_or_else(missing)?;
        if identity.channel == Channel::MiniProgram { Ok(identity) } else { Err(refused) }
    }

    async fn number_by_code(
        &self,
        auth: &AuthenticatedLogin,
        login: &Login,
        person: &Identity,
        code: &str,
    ) -> Result<PhoneNumber, ServiceError> {
        let used_up = ServiceError::WechatData(OpenDataError::CodeInvalid);
        let hash = CodeKind::Phone.hash(&person.app, code);
        match self.code_redeemer.redeem_for(auth.id(), hash).await? {
            Redemption::First => {}
            Redemption::Again => {
                // The caller reads the outcome of the first request.
                self.waiting.wait(auth, login.version, OUTCOME_WITHIN).await?;
                return Err(used_up);
            }
            Redemption::ByAnother => return Err(used_up),
        }
        let answer = self.mini_program.phone_number(&person.app, &person.openid, code).await;
        let number = answer.map_err(|error| match error {
            WechatError::NotFound { .. } => used_up,
            error @ (WechatError::Unavailable { .. }
            | WechatError::Refused { .. }
            | WechatError::UnknownApp) => ServiceError::Wechat(error),
        })?;
        Ok(number.ok_or(OpenDataError::NoPhone)?)
    }

    /// Returns the session key that was kept for a login; `None` too for one that cannot be opened (any more).
    async fn session_key(&self, login: LoginId) -> Result<Option<SessionKey>, ServiceError> {
        let Some(sealed) = self.session_keys.find(login, self.clock.now()).await? else { return Ok(None) };
        let opened = self.keys.open(Purpose::SessionKey, login.as_bytes(), &sealed);
        let text = opened.and_then(|plain| std::str::from_utf8(&plain).map(str::to_owned).ok());
        Ok(text.map(SessionKey::new))
    }

    fn proof_of(&self, login: LoginId, phone: &WechatPhone) -> BindingProof {
        let [kind, first, second]: [&[u8]; 3] = match phone {
            WechatPhone::Code(code) => [b"code", code.as_bytes(), b""],
            WechatPhone::Encrypted { data, iv } => [b"data", data.as_bytes(), iv.as_bytes()],
        };
        let parts = [login.as_bytes(), kind, first, second];
        BindingProof(issuing_key(&self.keys, login).derive(Purpose::WechatPhone, &parts))
    }
}
