//! Starting a login: with the QR code of an official account, or by sending the browser to WeChat.

use std::{sync::Arc, time::Duration};

use super::{Policy, ServiceError, StartLogin, login_issuer::LoginIssuer};
use crate::{
    login::{AuthenticatedLogin, Login, LoginScene},
    ports::{OAuth, OfficialAccount},
    wechat::{Authorization, QrTicket},
};

/// WeChat honours a code a little longer than we do, so that a person who scans too late learns that.
const LATE_SCANS: Duration = Duration::from_secs(60);

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
    pub(super) official_account: Arc<dyn OfficialAccount>,
    pub(super) oauth: Arc<dyn OAuth>,
    pub(super) policy: Arc<Policy>,
}

impl LoginStart {
    /// Starts a login and has WeChat make its QR code. Costs no row anywhere until the code is scanned, unless the
    /// login is to add an identity to an account.
    ///
    /// # Errors
    /// [`ServiceError::RateLimited`] for a client that starts too many, [`ServiceError::Wechat`] without a QR code.
    /// A login starts without a store, too: it is found by what it carries in its id. Only one that is to add an
    /// identity is refused with [`ServiceError::Store`].
    pub async fn with_qr(&self, request: StartLogin) -> Result<StartedLogin, ServiceError> {
        let auth = self.issuer.issue_with_qr(&request, self.policy.qr_ttl).await?;
        let StartLogin { context, link_to, .. } = request;
        let scene = LoginScene { purpose: context.purpose.clone(), id: auth.id() }.to_string();
        let lifetime = self.policy.qr_ttl + LATE_SCANS;
        let qr = self.official_account.create_qr(&context.app, &scene, lifetime).await?;
        self.issuer.open(auth.id(), link_to, context).await?;
        Ok(StartedLogin { login: Login::new(auth.id()), auth, qr })
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
        let StartLogin { context, link_to, .. } = request;
        let authorization = self.oauth.authorization(&context.app, redirect_uri, auth.id())?;
        self.issuer.open(auth.id(), link_to, context).await?;
        Ok(StartedOAuth { login: Login::new(auth.id()), auth, authorization })
    }
}
