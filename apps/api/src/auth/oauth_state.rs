//! What a browser takes along to WeChat and brings back in a cookie.
//!
//! The login cache may forget a login at any moment, so the cookie carries what the return needs. Its content is not
//! trusted: app, channel and address are checked again when it comes back.

use std::sync::Arc;

use actix_web::{HttpRequest, cookie::Cookie};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use saoma_domain::{
    login::{AuthenticatedLogin, LoginId},
    services::LoginAuthenticator,
    wechat::AppName,
};
use serde::{Deserialize, Serialize};

use super::{Browser, BrowserBinding, Cookies};
use crate::{dto::LoginChannel, pages::ReturnAddresses, wechat_apps::WechatApps};

/// How many logins one browser can have at WeChat at a time; the oldest ones are removed.
const MAX_LOGINS: usize = 8;

/// How many bytes their cookies may have together: many proxies take 8 KB of cookies and no more, and not all of them
/// are ours.
const MAX_BYTES: usize = 4096;

/// What the cookie carries besides the poll token.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CookieContent {
    app: String,
    channel: LoginChannel,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_to: Option<String>,
    /// The login of another client that the return opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    opens: Option<String>,
}

/// A login that a browser brought back from WeChat.
pub(crate) struct OAuthState {
    pub(crate) login: AuthenticatedLogin,
    pub(crate) browser: Browser,
    pub(crate) app: AppName,
    pub(crate) channel: LoginChannel,
    pub(crate) return_to: Option<String>,
    /// The login of another client that the return opens; then `login` is only the id under which it comes.
    pub(crate) opens: Option<LoginId>,
}

/// Issues the cookies that carry OAuth's state, and reads them.
pub(crate) struct OAuthStates {
    pub(crate) authenticator: Arc<LoginAuthenticator>,
    pub(crate) cookies: Arc<Cookies>,
    pub(crate) binding: Arc<BrowserBinding>,
    pub(crate) apps: Arc<WechatApps>,
    pub(crate) return_addresses: Arc<ReturnAddresses>,
}

impl OAuthStates {
    /// Returns the cookie that a browser takes along to WeChat.
    pub(crate) fn issue(&self, state: OAuthState) -> Cookie<'static> {
        let OAuthState { login, browser, app, channel, return_to, opens } = state;
        let opens = opens.map(|opens| opens.to_string());
        let content = CookieContent { app: app.to_string(), channel, return_to, opens };
        let content = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&content).unwrap_or_default());
        let value = format!("{}.{content}", *login.token().reveal());
        self.cookies.oauth_state(login.id(), self.binding.bind(&browser, login.id(), value))
    }

    /// Returns what the browser brought back for a login; `None` unless it was made for this browser.
    pub(crate) fn find(&self, request: &HttpRequest, id: &str) -> Option<OAuthState> {
        let value = self.binding.unbind(request, id, self.cookies.find_oauth_state(request, id)?)?;
        let (poll_token, content) = value.split_once('.')?;
        let login = self.authenticator.authenticate_login(id, poll_token).ok()?;
        let content = URL_SAFE_NO_PAD.decode(content).ok()?;
        let CookieContent { app, channel, return_to, opens } = serde_json::from_slice(&content).ok()?;
        let app = self.apps.find(channel.app_kind()?, Some(&app)).filter(|_| channel.is_redirect())?;
        Some(OAuthState {
            login,
            browser: self.binding.browser_of(request),
            app: app.name.clone(),
            channel,
            return_to: return_to.filter(|address| self.return_addresses.allow(address)),
            opens: opens.map(|opens| self.authenticator.login_of_link(&opens)).transpose().ok()?,
        })
    }

    /// Returns the removal of the browser's oldest cookies, so that they do not pile up beside the one of the `own`
    /// login, which the answer sets (`issued`) or the browser has.
    pub(crate) fn remove_oldest(
        &self,
        request: &HttpRequest,
        own: LoginId,
        issued: Option<&Cookie<'_>>,
    ) -> Vec<Cookie<'static>> {
        let (own, mut others): (Vec<_>, Vec<_>) =
            self.cookies.oauth_logins(request).into_iter().partition(|(id, _)| *id == own);
        let issued = issued.map_or(0, |cookie| cookie.name().len() + "=".len() + cookie.value().len());
        let (mut logins, mut bytes) = (1, issued + own.iter().map(|(_, bytes)| bytes).sum::<usize>());
        // The latest ones stay.
        others.reverse();
        others.retain(|(_, more)| {
            logins += 1;
            bytes += more;
            logins > MAX_LOGINS || bytes > MAX_BYTES
        });
        others.into_iter().map(|(id, _)| self.cookies.remove_oauth_state(id)).collect()
    }
}
