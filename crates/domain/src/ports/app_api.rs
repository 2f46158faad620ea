//! What the site's other systems get of a WeChat app: its access token, what `wx.config` takes, WeChat's own words about a
//! follower.

use std::time::Duration;

use async_trait::async_trait;
use zeroize::Zeroizing;

use super::WechatError;
use crate::wechat::{AppName, OpenId};

/// An access token of an app; it cannot be printed.
#[derive(Clone)]
pub struct AppToken {
    /// The token, for those who may call WeChat with it.
    pub value: Zeroizing<String>,
    /// How long it is good at least.
    pub expires_in: Duration,
}

impl std::fmt::Debug for AppToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AppToken(redacted, {} s)", self.expires_in.as_secs())
    }
}

/// What `wx.config` of WeChat's JS-SDK takes for one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsConfig {
    /// WeChat's id of the app.
    pub app_id: String,
    /// Unix seconds.
    pub timestamp: i64,
    /// A random text.
    pub nonce: String,
    /// The signature over ticket, nonce, timestamp and the page's URL, in hex.
    pub signature: String,
}

/// A call of WeChat's API that logins do not need, with the app's access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppCall {
    /// The path, such as `/cgi-bin/message/template/send`. It names the breakers of the call.
    pub path: &'static str,
    /// The parameters, as a JSON object.
    pub parameters: String,
    /// Whether the parameters are the body of a POST; else they are in the query of a GET.
    pub is_post: bool,
    /// Whether the call may be sent again where it is not known whether WeChat has served it.
    pub is_repeatable: bool,
}

/// What the site's other systems get of an app. An app that is not configured, or of a kind without such an API, is
/// [`WechatError::UnknownApp`].
///
/// An implementation MUST bound every call in time, and MUST NOT put secrets or URLs into its errors.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AppApi: Send + Sync {
    /// Returns the access token that the service itself uses. With `force` WeChat makes another one, and the one before
    /// is dead at once, everywhere; the caller has to see that this is rare.
    ///
    /// # Errors
    /// [`WechatError`] where there is none.
    async fn access_token(&self, app: &AppName, force: bool) -> Result<AppToken, WechatError>;

    /// Returns for how long the token is good that this node has, if it has one.
    fn token_expires_in(&self, app: &AppName) -> Option<Duration> {
        let _ = app;
        None
    }

    /// Returns what `wx.config` takes on the page with this URL, which has no fragment.
    ///
    /// # Errors
    /// [`WechatError`] where WeChat gives no ticket.
    async fn js_config(&self, app: &AppName, url: &str) -> Result<JsConfig, WechatError>;

    /// Returns what WeChat knows of a person, as it says it: a JSON object.
    ///
    /// # Errors
    /// [`WechatError::NotFound`] for an openid of another app.
    async fn user_info(&self, app: &AppName, openid: &OpenId) -> Result<String, WechatError>;

    /// Makes a call, and returns WeChat's answer as a JSON object. It goes through the same breakers as the service's own
    /// calls; a refused token is replaced, and the call repeated once.
    ///
    /// # Errors
    /// [`WechatError`], also for an answer with an errcode other than 0.
    async fn call(&self, app: &AppName, call: &AppCall) -> Result<String, WechatError>;
}
