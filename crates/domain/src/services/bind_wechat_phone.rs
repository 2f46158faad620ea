//! Binding the phone number that WeChat vouches for, of a mini program's user.

use super::{
    FlowError, Flows,
    policy::wechat_phone_tries,
    redeem_code::{CodeKind, OUTCOME_WITHIN},
};
use crate::{
    account::{Identity, PhoneNumber, VerifiedPhone},
    keys::Purpose,
    login::{AuthenticatedLogin, Channel, Login, LoginId, LoginState},
    ports::{BindingProof, OpenDataError, Redemption, StoreError, Verdict, WechatError},
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

impl Flows {
    /// Binds the phone number that WeChat vouches for, and returns the registered login; asked twice with the
    /// same proof it answers the same twice. A code is sent once at the most.
    ///
    /// # Errors
    /// [`FlowError::LoginState`] unless the login is an unregistered one of a mini program,
    /// [`FlowError::WechatData`] for what proves no number (a code that is unknown or used counts as
    /// malformed), [`FlowError::Wechat`], [`FlowError::PhoneTaken`], and [`FlowError::RateLimited`] after a hundred tries;
    /// tries that cannot be counted are none.
    pub async fn bind_wechat_phone(
        &self,
        held: &AuthenticatedLogin,
        proof: WechatPhone,
    ) -> Result<Login, FlowError> {
        let seen_as = self.proof_of(held.id(), &proof);
        match self.bind_wechat_phone_now(held, &proof, seen_as).await {
            Ok(login) => Ok(login),
            // Asked only now, because the same request may have been bound by its twin in the meantime.
            Err(refused) => self.bound_before(held, seen_as).await?.ok_or(refused),
        }
    }

    async fn bind_wechat_phone_now(
        &self,
        held: &AuthenticatedLogin,
        proof: &WechatPhone,
        seen_as: BindingProof,
    ) -> Result<Login, FlowError> {
        let login = self.recall(held.id()).await?;
        let person = self.mini_program_user(&login).await?;
        let limit = wechat_phone_tries(held.id(), self.policy.bind_ttl);
        if let Verdict::Refused { retry_after } = self.take(&[limit]).await? {
            return Err(FlowError::RateLimited { retry_after });
        }
        let phone = match proof {
            WechatPhone::Code(code) => self.phone_by_code(held, &login, &person, code).await?,
            WechatPhone::Encrypted { data, iv } => {
                let key = self.session_key(held.id()).await?.ok_or(OpenDataError::OutdatedKey)?;
                self.ports.mini_program.open_phone(&person.app, &key, data, iv, self.now())?
            }
        };
        let bound = self.bind(held, VerifiedPhone::proven(phone), seen_as).await?;
        // Else it is forgotten when its time is over.
        let _ = self.ports.session_keys.forget(held.id()).await;
        Ok(bound)
    }

    /// Returns who waits for a phone number in a mini program.
    async fn mini_program_user(&self, login: &Login) -> Result<Identity, FlowError> {
        let refused = FlowError::LoginState(login.state.name());
        let id = match login.state {
            LoginState::Unregistered { identity, .. } => identity,
            LoginState::Loop { .. } | LoginState::Registered { .. } | LoginState::Expired { .. } => {
                return Err(refused);
            }
        };
        let missing = || StoreError::Corrupt(format!("there is no identity {id}"));
        let identity = self.ports.accounts.identity(id).await?.ok_or_else(missing)?;
        if identity.channel == Channel::MiniProgram { Ok(identity) } else { Err(refused) }
    }

    async fn phone_by_code(
        &self,
        held: &AuthenticatedLogin,
        login: &Login,
        person: &Identity,
        code: &str,
    ) -> Result<PhoneNumber, FlowError> {
        let used_up = FlowError::WechatData(OpenDataError::Malformed);
        match self.redeem_code(CodeKind::Phone.hash(&person.app, code), held.id()).await? {
            Redemption::First => {}
            Redemption::Again => {
                // What the first one leads to is found out by the caller.
                self.wait(held, login.version, OUTCOME_WITHIN).await?;
                return Err(used_up);
            }
            Redemption::ByAnother => return Err(used_up),
        }
        let asked = self.ports.mini_program.phone_number(&person.app, &person.openid, code).await;
        asked.map_err(|error| match error {
            WechatError::NotFound { .. } => used_up,
            error @ (WechatError::Unavailable { .. }
            | WechatError::Refused { .. }
            | WechatError::UnknownApp) => FlowError::Wechat(error),
        })
    }

    /// Returns the session key that was kept for a login; `None` too for one that cannot be opened (any more).
    async fn session_key(&self, login: LoginId) -> Result<Option<SessionKey>, FlowError> {
        let Some(sealed) = self.ports.session_keys.find(login, self.now()).await? else { return Ok(None) };
        let opened = self.keys.open(Purpose::SessionKey, login.as_bytes(), &sealed);
        let text = opened.and_then(|plain| std::str::from_utf8(&plain).map(str::to_owned).ok());
        Ok(text.map(SessionKey::new))
    }

    fn proof_of(&self, login: LoginId, proof: &WechatPhone) -> BindingProof {
        let parts: [&[u8]; 3] = match proof {
            WechatPhone::Code(code) => [b"code", code.as_bytes(), b""],
            WechatPhone::Encrypted { data, iv } => [b"data", data.as_bytes(), iv.as_bytes()],
        };
        let [kind, first, second] = parts;
        let parts = [login.as_bytes(), kind, first, second];
        BindingProof(self.key_of(login).derive(Purpose::WechatPhone, &parts))
    }
}
