//! WeChat's authorization: websites, pages inside WeChat, and mobile applications.

use async_trait::async_trait;

use super::WechatError;
use crate::{
    login::LoginId,
    wechat::{AppName, Authorization, AuthorizedUser, RefreshToken},
};

/// What can be asked of a website or mobile application, or of an official account for pages inside WeChat.
///
/// An implementation MUST bound every call in time, MUST NOT put secrets or URLs into its errors, and MUST
/// be safe to call from any number of tasks at once. Which page and which scope belongs to an app it knows
/// from the app's kind and configuration.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait OAuth: Send + Sync {
    /// Returns where to send the browser, so that WeChat sends it back to `redirect_uri` with a code and the
    /// login's id as `state`.
    ///
    /// # Errors
    /// [`WechatError::UnknownApp`]; of a mobile application too, which has WeChat's SDK in place of a page.
    fn authorization(
        &self,
        app: &AppName,
        redirect_uri: &str,
        state: LoginId,
    ) -> Result<Authorization, WechatError>;

    /// Exchanges the code of a return, or of WeChat's SDK, for who authorized, with name and picture where the scope covers them;
    /// without them when WeChat does not tell them.
    ///
    /// A code can be used once, so this MUST NOT send it twice, whatever happens.
    ///
    /// # Errors
    /// [`WechatError::NotFound`] for a code that is unknown, used, too old or another app's, else as above.
    async fn exchange(&self, app: &AppName, code: &str) -> Result<AuthorizedUser, WechatError>;

    /// Asks again for what a person allowed an app to know, by the refresh token of the last exchange. The answer has no refresh
    /// token: the one of before stays good for as long as it was.
    ///
    /// # Errors
    /// [`WechatError::NotFound`] for a token that WeChat does not take (any more), else as above; [`WechatError::UnknownApp`] from an
    /// implementation that cannot do this.
    async fn refresh(&self, app: &AppName, token: &RefreshToken) -> Result<AuthorizedUser, WechatError> {
        let _ = (app, token);
        Err(WechatError::UnknownApp)
    }
}
