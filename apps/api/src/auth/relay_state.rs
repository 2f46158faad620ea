//! What a browser takes along to WeChat where the code is for another system.
//!
//! It is a login's cookie with another content: its name is an id that commits to a random token and has a deadline, and it counts
//! only in the browser that it was made for. So a return leads nowhere unless this browser set out for it, and the address is checked
//! again when it comes back.

use std::sync::Arc;

use actix_web::{HttpRequest, cookie::Cookie};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use saoma_domain::{
    login::{LoginId, PollToken},
    ports::Clock,
    services::LoginAuthenticator,
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Browser, BrowserBinding, Cookies};
use crate::pages::RelayAddresses;

/// What the cookie carries besides the token. No login's cookie can be read as this, nor this as a login's.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CookieContent {
    relay_to: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
}

/// Where the code of a browser at WeChat is to be sent on to.
pub(crate) struct RelayState {
    pub(crate) redirect_uri: Url,
    /// The state of the system that gets the code.
    pub(crate) state: Option<String>,
}

/// Issues the cookies that carry where a code is to be sent on to, and reads them.
pub(crate) struct RelayStates {
    pub(crate) authenticator: Arc<LoginAuthenticator>,
    pub(crate) cookies: Arc<Cookies>,
    pub(crate) binding: Arc<BrowserBinding>,
    pub(crate) addresses: Arc<RelayAddresses>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl RelayStates {
    /// Returns the cookie that a browser takes along to WeChat under an id.
    pub(crate) fn issue(
        &self,
        id: LoginId,
        token: &PollToken,
        browser: &Browser,
        state: &RelayState,
    ) -> Cookie<'static> {
        let content = CookieContent { relay_to: state.redirect_uri.to_string(), state: state.state.clone() };
        let content = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&content).unwrap_or_default());
        let value = format!("{}.{content}", *token.reveal());
        self.cookies.oauth_state(id, self.binding.bind(browser, id, value))
    }

    /// Returns where a browser wants its code to go that came back with an id; `None` unless it set out with it, and in time.
    pub(crate) fn find(&self, request: &HttpRequest, id: &str) -> Option<RelayState> {
        let value = self.binding.unbind(request, id, self.cookies.find_oauth_state(request, id)?)?;
        let (token, content) = value.split_once('.')?;
        let login = self.authenticator.authenticate_login(id, token).ok()?;
        if login.id().deadline() <= self.clock.now() {
            return None;
        }
        let content = URL_SAFE_NO_PAD.decode(content).ok()?;
        let CookieContent { relay_to, state } = serde_json::from_slice(&content).ok()?;
        Some(RelayState { redirect_uri: self.addresses.find(&relay_to)?, state })
    }
}
