//! Starting a login with the QR code of an official account.

use std::time::Duration;

use super::{FlowError, Flows};
use crate::{
    login::{HeldLogin, Login, LoginContext, LoginId, LoginScene, PollToken},
    ports::{Limit, Verdict},
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
}

/// A login that was started.
#[derive(Clone, Debug)]
pub struct StartedLogin {
    /// The login with its secret, for the one who asked.
    pub held: HeldLogin,
    /// How it stands.
    pub login: Login,
    /// The QR code to show.
    pub qr: QrTicket,
}

impl Flows {
    /// Starts a login and has WeChat make its QR code. Costs no row anywhere until somebody scans it.
    ///
    /// # Errors
    /// [`FlowError::RateLimited`] for a client that starts too many, [`FlowError::Wechat`] without a QR code.
    /// A store that is away stops nobody: the login is found by what it carries in its id.
    pub async fn start_login(&self, start: StartLogin) -> Result<StartedLogin, FlowError> {
        let limits = self.policy.limits.logins(&start.client);
        // Limits that cannot be counted let logins pass, so that a lost store is not a lost service.
        if let Ok(Verdict::Refused { retry_after }) = self.take(&limits).await {
            return Err(FlowError::RateLimited { retry_after });
        }
        let held = self.issue(self.policy.qr_ttl);
        let scene = LoginScene { purpose: start.context.purpose.clone(), id: held.id() };
        let app = start.context.app.clone();
        let lifetime = self.policy.qr_ttl + LATE_SCANS;
        let qr = self.ports.official_account.create_qr(&app, &scene.to_string(), lifetime).await?;
        self.put_up(held.id(), Some(start.context)).await;
        Ok(StartedLogin { login: Login::new(held.id()), held, qr })
    }

    fn issue(&self, lifetime: Duration) -> HeldLogin {
        let token = PollToken::generate(&*self.ports.random);
        let id = LoginId::issue(&token, self.now().plus(lifetime), &self.keys);
        HeldLogin::issued(id, token)
    }

    /// Puts a login on the board; the board reports its own failures, and the flows are right without it.
    pub(super) async fn put_up(&self, id: LoginId, context: Option<LoginContext>) {
        let until = id.deadline().plus(self.policy.bind_ttl);
        let _ = self.ports.board.open(id, context, until).await;
    }

    pub(super) async fn take(&self, limits: &[Limit]) -> Result<Verdict, FlowError> {
        if limits.is_empty() {
            return Ok(Verdict::Allowed);
        }
        Ok(self.ports.limits.take(limits, self.now()).await?)
    }
}
