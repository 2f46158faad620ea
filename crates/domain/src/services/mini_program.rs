//! Logging in the user of a mini program.

use std::{sync::Arc, time::Duration};

use super::{
    ServiceError, StartLogin,
    code_login::{CodeLogin, login_of},
    code_redeemer::CodeKind,
    identification::{CameBy, IdentifiedPerson},
};
use crate::{
    keys::{KeyRing, Purpose},
    login::{AuthenticatedLogin, Channel, Login, LoginId},
    ports::{Clock, MiniProgram, Random, SessionKeys},
    wechat::{Profile, SessionKey},
};

/// How long the session key of a login is kept: for a phone number, and for what the site has decrypted.
const SESSION_KEY_KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// Logs in the users of mini programs.
pub struct MiniProgramLogin {
    pub(super) by_code: CodeLogin,
    pub(super) mini_program: Arc<dyn MiniProgram>,
    pub(super) session_keys: Arc<dyn SessionKeys>,
    pub(super) random: Arc<dyn Random>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keys: Arc<KeyRing>,
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
        let auth = self.by_code.begin(&request, CodeKind::MiniProgram, code).await?;
        let context = request.context;
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
        let login = login_of(self.by_code.commit(auth.id(), person).await?)?;
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
