//! Starting a login with the QR code of an official account.

use std::time::Duration;

use super::{FlowError, Flows};
use crate::{
    account::AccountId,
    login::{AuthenticatedLogin, Login, LoginContext, LoginScene},
    wechat::QrTicket,
};

/// WeChat honours a code a little longer than we do, so that a late scan can be told that it was too late.
const LATE_SCANS: Duration = Duration::from_secs(60);

/// A wish to log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartLogin {
    /// What is known about it.
    pub context: LoginContext,
    /// What the client counts as for the limits: its IPv4 address or IPv6 network.
    pub client: String,
    /// The account that the identity is to be added to, for a person who is logged in already.
    pub link_to: Option<AccountId>,
}

/// A login that was started.
#[derive(Clone, Debug)]
pub struct StartedLogin {
    /// The login with its secret, for the one who asked.
    pub held: AuthenticatedLogin,
    /// How it stands.
    pub login: Login,
    /// The QR code to show.
    pub qr: QrTicket,
}

impl Flows {
    /// Starts a login and has WeChat make its QR code. Costs no row anywhere until somebody scans it, unless it
    /// is to add an identity to an account.
    ///
    /// # Errors
    /// [`FlowError::RateLimited`] for a client that starts too many, [`FlowError::Wechat`] without a QR code.
    /// A store that is away stops nobody: the login is found by what it carries in its id. Only one that is to
    /// add an identity is refused with [`FlowError::Store`].
    pub async fn start_login(&self, start: StartLogin) -> Result<StartedLogin, FlowError> {
        let held = self.begin(&start, self.policy.qr_ttl).await?;
        let scene = LoginScene { purpose: start.context.purpose.clone(), id: held.id() };
        let app = start.context.app.clone();
        let lifetime = self.policy.qr_ttl + LATE_SCANS;
        let qr = self.ports.official_account.create_qr(&app, &scene.to_string(), lifetime).await?;
        self.add_pending_link(held.id(), start.link_to).await?;
        self.cache_login(held.id(), Some(start.context)).await;
        Ok(StartedLogin { login: Login::new(held.id()), held, qr })
    }
}
