//! Starting a login: with the code of an official account or of a mini program, with a code that is sent to an account as a
//! message, or by sending the browser to WeChat.

use std::sync::Arc;

use super::{
    MessageCodeService, Policy, ReadyCodes, ServiceError, SmsLogin, StartLogin, login_issuer::LoginIssuer,
    ready_codes::ReadyCode,
};
use crate::{
    login::{AuthenticatedLogin, Login, LoginContext, LoginScene, MessageCode},
    ports::{MiniProgram, OAuth},
    wechat::{Authorization, MiniProgramCode, QrTicket},
};

/// A login that was started with a QR code.
#[derive(Clone, Debug)]
pub struct StartedLogin {
    /// The login with its poll token, for the client.
    pub auth: AuthenticatedLogin,
    /// How it stands.
    pub login: Login,
    /// The QR code to show.
    pub qr: QrTicket,
}

/// A login that was started with a code that its person sends as a message.
#[derive(Clone, Debug)]
pub struct StartedByMessage {
    /// The login with its poll token, for the client.
    pub auth: AuthenticatedLogin,
    /// How it stands.
    pub login: Login,
    /// The code to show.
    pub code: MessageCode,
}

/// A login that was started with the code of a mini program.
#[derive(Clone, Debug)]
pub struct StartedMiniProgramCode {
    /// The login with its poll token, for the client.
    pub auth: AuthenticatedLogin,
    /// How it stands.
    pub login: Login,
    /// The code to show.
    pub code: MiniProgramCode,
}

/// A login that was started by sending the browser to WeChat.
#[derive(Clone, Debug)]
pub struct StartedOAuth {
    /// The login with its poll token, for the browser.
    pub auth: AuthenticatedLogin,
    /// How it stands.
    pub login: Login,
    /// Where to send the browser.
    pub authorization: Authorization,
}

/// Starts logins.
pub struct LoginStart {
    pub(super) issuer: LoginIssuer,
    pub(super) ready_codes: Arc<ReadyCodes>,
    pub(super) message_codes: Arc<MessageCodeService>,
    pub(super) oauth: Arc<dyn OAuth>,
    pub(super) mini_program: Arc<dyn MiniProgram>,
    pub(super) policy: Arc<Policy>,
}

impl LoginStart {
    /// Starts a login with a QR code that is ready, or has WeChat make one. Costs no row anywhere until the code is scanned,
    /// unless the login is to add an identity to an account.
    ///
    /// # Errors
    /// [`ServiceError::RateLimited`] for a client that starts too many, [`ServiceError::Wechat`] without a QR code.
    /// A login starts without a store, too: it is found by what it carries in its id. Only one that is to add an
    /// identity is refused with [`ServiceError::Store`].
    pub async fn with_qr(&self, request: StartLogin) -> Result<StartedLogin, ServiceError> {
        let ReadyCode { auth, qr } = self.code(&request).await?;
        self.issuer.open(auth.id(), request).await?;
        Ok(StartedLogin { login: Login::new(auth.id()), auth, qr })
    }

    async fn code(&self, request: &StartLogin) -> Result<ReadyCode, ServiceError> {
        let LoginContext { app, purpose, .. } = &request.context;
        let has_ready_codes = self.ready_codes.serves(app);
        if has_ready_codes {
            self.issuer.admit(request).await?;
            if let Some(code) = self.ready_codes.take(app, purpose) {
                return Ok(code);
            }
        }
        let auth = self.issuer.issue_with_qr(request, has_ready_codes, self.policy.qr_ttl).await?;
        self.ready_codes.make_for(auth, app, purpose).await
    }

    /// Starts a login with a code that its person sends to the official account. WeChat is not asked, and it costs no row, as with
    /// [`LoginStart::with_qr`].
    ///
    /// # Errors
    /// [`ServiceError::RateLimited`], and [`ServiceError::Store`] where no code can be claimed.
    pub async fn by_message(&self, request: StartLogin) -> Result<StartedByMessage, ServiceError> {
        let auth = self.issuer.issue(&request, self.policy.qr_ttl).await?;
        let LoginContext { app, purpose, .. } = &request.context;
        let scene = LoginScene { purpose: purpose.clone(), id: auth.id() };
        let code = self.message_codes.claim(app, &scene).await?;
        self.issuer.open(auth.id(), request).await?;
        Ok(StartedByMessage { login: Login::new(auth.id()), auth, code })
    }

    /// Starts a login with the code of a mini program, whose page then says who scanned it
    /// ([`MiniProgramScan`](super::MiniProgramScan)). The scene is the login's id alone. Costs no row anywhere until then, unless
    /// the login is to add an identity to an account.
    ///
    /// # Errors
    /// As [`LoginStart::with_qr`].
    pub async fn with_mini_program_code(
        &self,
        request: StartLogin,
    ) -> Result<StartedMiniProgramCode, ServiceError> {
        let auth = self.issuer.issue(&request, self.policy.qr_ttl).await?;
        let code = self.mini_program.login_code(&request.context.app, &auth.id().to_string()).await?;
        self.issuer.open(auth.id(), request).await?;
        Ok(StartedMiniProgramCode { login: Login::new(auth.id()), auth, code })
    }

    /// Starts a login that waits for a phone number, which alone is to say who the person is. It has a row from the beginning.
    ///
    /// # Errors
    /// [`ServiceError::SmsLoginOff`] where the settings do not allow it, [`ServiceError::RateLimited`], and
    /// [`ServiceError::Store`] when it is not known to be committed.
    pub async fn by_number(&self, request: StartLogin) -> Result<(AuthenticatedLogin, Login), ServiceError> {
        if self.policy.sms_login == SmsLogin::Off {
            return Err(ServiceError::SmsLoginOff);
        }
        let auth = self.issuer.issue(&request, self.policy.bind_ttl).await?;
        let client_info = request.context.client_info.clone();
        self.issuer.open(auth.id(), request).await?;
        let login = self.issuer.ask_for_number(auth.id(), client_info).await?;
        Ok((auth, login))
    }

    /// Starts a login and returns where to send the browser; WeChat sends it back to `redirect_uri` with the
    /// login's id as `state`, for [`OAuthReturns::finish`](super::OAuthReturns::finish). Costs no row anywhere,
    /// unless the login is to add an identity to an account.
    ///
    /// # Errors
    /// As [`LoginStart::with_qr`]; [`ServiceError::Wechat`] for an app that is not configured.
    pub async fn with_oauth(
        &self,
        request: StartLogin,
        redirect_uri: &str,
    ) -> Result<StartedOAuth, ServiceError> {
        let auth = self.issuer.issue(&request, self.policy.oauth_ttl).await?;
        let authorization = self.oauth.authorization(&request.context.app, redirect_uri, auth.id())?;
        self.issuer.open(auth.id(), request).await?;
        Ok(StartedOAuth { login: Login::new(auth.id()), auth, authorization })
    }
}
