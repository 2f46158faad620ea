//! Starting a login that a browser is sent to WeChat for: from a website, or on a page inside WeChat.

use super::{FlowError, Flows, StartLogin};
use crate::{
    login::{AuthenticatedLogin, Login},
    wechat::Authorization,
};

/// A login that was started.
#[derive(Clone, Debug)]
pub struct StartedOAuth {
    /// The login with its secret, for the browser that asked.
    pub held: AuthenticatedLogin,
    /// How it stands.
    pub login: Login,
    /// Where to send the browser.
    pub authorization: Authorization,
}

impl Flows {
    /// Starts a login and returns where to send the browser; WeChat sends it back to `redirect_uri` with the
    /// login's id as `state`, for [`Flows::finish_oauth`]. Costs no row anywhere, unless it is to add an
    /// identity to an account.
    ///
    /// # Errors
    /// As [`Flows::start_login`]; [`FlowError::Wechat`] for an app that is not configured.
    pub async fn start_oauth(
        &self,
        start: StartLogin,
        redirect_uri: &str,
    ) -> Result<StartedOAuth, FlowError> {
        let held = self.begin(&start, self.policy.oauth_ttl).await?;
        let authorization = self.ports.oauth.authorization(&start.context.app, redirect_uri, held.id())?;
        self.add_pending_link(held.id(), start.link_to).await?;
        self.cache_login(held.id(), Some(start.context)).await;
        Ok(StartedOAuth { login: Login::new(held.id()), held, authorization })
    }
}
