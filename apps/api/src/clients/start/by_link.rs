//! Sends a browser to WeChat that opened a link to the login of another client.

use actix_web::HttpRequest;

use super::LoginStarts;
use crate::{
    auth::OAuthState, clients::SentToWechat, config::AppKind, dto::LoginChannel, extract::Caller,
    problem::Problem,
};

impl LoginStarts {
    /// Sends a browser to WeChat, to say who its person is; the app is that of the login.
    ///
    /// # Errors
    /// `app_unknown`, `login_unknown` for a login of another service, `rate_limited`.
    pub(crate) async fn by_link(
        &self,
        request: &HttpRequest,
        caller: Caller,
        app: Option<&str>,
        login: &str,
    ) -> Result<SentToWechat, Problem> {
        let channel = LoginChannel::InWechat;
        let app = self.apps.require(AppKind::OfficialAccount, app)?.name.clone();
        let opens = self.oauth_states.authenticator.login_of_link(login)?;
        let sent = self.links.send(&app, caller.subject, &self.redirect_uri).await?;
        let (id, browser) = (sent.auth.id(), self.binding.browser_of(request));
        let cookie = self.binding.cookie(&browser);
        let state =
            OAuthState { login: sent.auth, browser, app, channel, return_to: None, opens: Some(opens) };
        let state = self.oauth_states.issue(state);
        Ok(SentToWechat { id, url: sent.authorization.url, state, browser: cookie })
    }
}
