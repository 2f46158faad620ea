//! Logging in the user of a mini program.

use std::{sync::Arc, time::Duration};

use super::{
    Policy, ServiceError, StartLogin,
    code_redemption::{CodeKind, CodeRedemption},
    identification::{CameBy, Identification, IdentifiedPerson},
    login_issuer::LoginIssuer,
};
use crate::{
    keys::{KeyRing, Purpose},
    login::{AuthenticatedLogin, Channel, Login, LoginId},
    ports::{Clock, MiniProgram, Random, Redemption, ScanTaken, SessionKeys},
    wechat::{Profile, SessionKey},
};

/// How long the session key of a login is kept: for a phone number, and for what the site has decrypted.
const SESSION_KEY_KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// Logs in the users of mini programs.
pub struct MiniProgramLogin {
    pub(super) issuer: LoginIssuer,
    pub(super) redemption: CodeRedemption,
    pub(super) mini_program: Arc<dyn MiniProgram>,
    pub(super) identification: Identification,
    pub(super) session_keys: Arc<dyn SessionKeys>,
    pub(super) random: Arc<dyn Random>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keys: Arc<KeyRing>,
    pub(super) policy: Arc<Policy>,
}

impl MiniProgramLogin {
    /// Makes a login for the user of a mini program, whom a code of `wx.login` identifies. The login is registered
    /// at once if the person has an account, and else waits for a phone number. One that is to add an identity and
    /// cannot is denied.
    ///
    /// The code is sent once at the most: a program that lost the answer calls `wx.login` again. WeChat's session
    /// key is kept, sealed, for a day.
    ///
    /// # Errors
    /// As [`LoginStart::with_qr`](super::LoginStart::with_qr); [`ServiceError::CodeInvalid`] for a code that is
    /// unknown, too old or used, and [`ServiceError::Store`] when it is not known to be unused, or the login not to
    /// be committed.
    pub async fn log_in(
        &self,
        request: StartLogin,
        code: &str,
    ) -> Result<(AuthenticatedLogin, Login), ServiceError> {
        // A browser takes longer than a program, so its time is enough.
        let lifetime = self.policy.oauth_ttl;
        let auth = self.issuer.issue(&request, lifetime).await?;
        self.issuer.prepare(auth.id(), &request).await?;
        let context = request.context;
        let hash = CodeKind::MiniProgram.hash(&context.app, code);
        if self.redemption.redeem_for(auth.id(), hash).await? != Redemption::First {
            return Err(ServiceError::CodeInvalid);
        }
        let user = self.mini_program.exchange(&context.app, code).await.map_err(ServiceError::of_code)?;
        let person = IdentifiedPerson {
            app: context.app,
            channel: Channel::MiniProgram,
            came_by: CameBy::Itself,
            openid: user.openid,
            unionid: user.unionid,
            profile: Profile::default(),
            client_info: context.client_info,
            purpose: context.purpose,
            entry: None,
        };
        let login = match self.identification.commit_exchanged(auth.id(), person, lifetime).await? {
            ScanTaken::First(record) | ScanTaken::Again(record) => record.login,
            ScanTaken::LinkRefused(login) => login,
            ScanTaken::RegistrationClosed(_) => return Err(ServiceError::RegistrationClosed),
            // No other client knows the login, so it is the code that took too long.
            ScanTaken::ByAnother | ScanTaken::Over(_) => return Err(ServiceError::CodeInvalid),
        };
        self.keep_session_key(auth.id(), &user.session_key).await;
        Ok((auth, login))
    }

    /// Keeps a session key for [`WechatPhoneBinding::bind`](super::WechatPhoneBinding::bind) and for
    /// [`OpenData`](super::OpenData). Without it the person can still bind a phone number in another way.
    async fn keep_session_key(&self, login: LoginId, key: &SessionKey) {
        let until = self.clock.now().plus(SESSION_KEY_KEPT_FOR);
        let (server_key, plain) = (self.keys.current(), key.reveal().as_bytes());
        let sealed = server_key.seal(Purpose::SessionKey, &*self.random, login.as_bytes(), plain);
        if let Ok(sealed) = sealed {
            let _ = self.session_keys.put(login, sealed, until).await;
        }
    }
}
