//! Takes a browser that WeChat sends back and that opened a link to the login of another client.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponseBuilder};
use saoma_domain::{
    login::LoginId,
    services::{LinkOpened, ScanReply, ServiceError},
};

use super::{
    ReturnHandling,
    oauth_return::{back, redirect},
};
use crate::{
    auth::OAuthState,
    extract::{Caller, is_wechat_code},
    node::detached,
    problem::Problem,
    wechat_events::scanned,
};

/// What the return of a browser led to that opened the login of another client.
pub(crate) enum LinkReturn {
    /// The browser goes on.
    Redirect(HttpResponseBuilder),
    /// The person is told this.
    Told(ScanReply),
}

impl ReturnHandling {
    /// Takes the return of a browser that opened the login of another client: where its phone is asked, the browser goes on to
    /// the page for that.
    ///
    /// # Errors
    /// As [`ReturnHandling::take`].
    pub(crate) async fn take_link(
        &self,
        request: &HttpRequest,
        caller: Caller,
        (state, opens): (&OAuthState, LoginId),
        code: Option<String>,
    ) -> Result<LinkReturn, Problem> {
        let watched = self.watch.find(opens).await;
        let reply = match self.open(&caller, (state, opens), code).await {
            Ok(LinkOpened::Told(reply)) => reply,
            Ok(LinkOpened::SendAgain) => {
                let (path, app) = (&self.link_path, &state.app);
                let link = format!("{path}?channel=in_wechat&app={app}&login={opens}");
                return Ok(LinkReturn::Redirect(redirect(link)));
            }
            Ok(LinkOpened::Refused) => {
                self.metrics.oauth_return("denied");
                return Ok(LinkReturn::Redirect(redirect(self.to_login_page(state, ("error", "denied")))));
            }
            Err(error) => {
                return self.redirect_by_error(request, state, &watched, error).map(LinkReturn::Redirect);
            }
        };
        self.metrics.scan(&reply);
        if let Some(outcome) = scanned(&reply) {
            self.watch.scanned(request, &watched, outcome);
        }
        if let ScanReply::Asked { link, .. } = &reply {
            return Ok(LinkReturn::Redirect(redirect(self.site.confirm(link))));
        }
        Ok(LinkReturn::Told(reply))
    }

    async fn open(
        &self,
        caller: &Caller,
        (state, opens): (&OAuthState, LoginId),
        code: Option<String>,
    ) -> Result<LinkOpened, ServiceError> {
        if code.as_deref().is_some_and(|code| !is_wechat_code(code)) {
            return Err(ServiceError::CodeInvalid);
        }
        let back = back(caller, state, code);
        let (links, auth) = (Arc::clone(&self.links), state.login.clone());
        // A code that was exchanged is used up, even if the browser hangs up meanwhile.
        detached("opening a login", async move { links.take(&auth, opens, back).await }).await
    }
}
