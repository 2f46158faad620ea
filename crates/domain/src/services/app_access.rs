//! WeChat for the site's other systems, so that two of them never refresh one token.

use std::{sync::Arc, time::Duration};

use super::{ServiceError, rate_limiter::RateLimiter};
use crate::{
    login::LoginScene,
    ports::{AppApi, AppCall, AppToken, JsConfig, Limit, OfficialAccount, Rate},
    wechat::{AppName, OpenId, QrTicket},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// WeChat makes another token on demand 20 times a day, and within 30 s the same one again.
const FORCED_PER_DAY: u32 = 20;
const FORCED_GAP: Duration = Duration::from_secs(30);

/// How long a QR code of the site lives at the most.
pub const SITE_CODE_LIVES: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Gives the site's other systems what they need of an app.
pub struct AppAccess {
    pub(super) app_api: Arc<dyn AppApi>,
    pub(super) official_account: Arc<dyn OfficialAccount>,
    pub(super) limiter: RateLimiter,
}

impl AppAccess {
    /// Returns an app's access token; with `force` another one than before, at most 20 times a day and 30 s apart.
    ///
    /// # Errors
    /// [`ServiceError::RateLimited`] where another one was forced too often, [`ServiceError::Wechat`].
    pub async fn access_token(&self, app: &AppName, force: bool) -> Result<AppToken, ServiceError> {
        if force {
            // An app that is not there uses up nothing.
            self.app_api.access_token(app, false).await?;
            self.limiter.take(&forced_tokens(app)).await?;
        }
        Ok(self.app_api.access_token(app, force).await?)
    }

    /// Returns what `wx.config` takes on a page. What stands behind `#` in its URL does not count.
    ///
    /// # Errors
    /// [`ServiceError::Wechat`].
    pub async fn js_config(&self, app: &AppName, url: &str) -> Result<JsConfig, ServiceError> {
        let (page, _) = url.split_once('#').unwrap_or((url, ""));
        Ok(self.app_api.js_config(app, page).await?)
    }

    /// Returns what WeChat knows of a person, as it says it.
    ///
    /// # Errors
    /// [`ServiceError::Wechat`].
    pub async fn user_info(&self, app: &AppName, openid: &OpenId) -> Result<String, ServiceError> {
        Ok(self.app_api.user_info(app, openid).await?)
    }

    /// Makes a call of WeChat's API in the name of an app, and returns the answer, a JSON object.
    ///
    /// # Errors
    /// [`ServiceError::Wechat`].
    pub async fn call(&self, app: &AppName, call: &AppCall) -> Result<String, ServiceError> {
        Ok(self.app_api.call(app, call).await?)
    }

    /// Makes a QR code with a scene of the site's own.
    ///
    /// # Errors
    /// [`ServiceError::Wechat`].
    pub async fn site_code(
        &self,
        app: &AppName,
        scene: &SiteScene,
        lifetime: Duration,
    ) -> Result<QrTicket, ServiceError> {
        Ok(self.official_account.create_qr(app, &scene.0, lifetime.min(SITE_CODE_LIVES)).await?)
    }
}

fn forced_tokens(app: &AppName) -> [Limit; 2] {
    let limit = |name, max, lasts| Limit { key: format!("{name}:{app}"), rate: Rate::Window { max, lasts } };
    [limit("token:gap", 1, FORCED_GAP), limit("token:day", FORCED_PER_DAY, DAY)]
}

/// A scene of the site's own: 1–64 printable ASCII characters, and none that a login could have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteScene(String);

impl SiteScene {
    /// Reads a scene; `None` where WeChat would not take it, or where it would be taken for a login's.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        (fits && !LoginScene::is_login_scene(text)).then(|| Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scene_of_the_site_is_none_of_a_login() {
        for scene in ["door-7", "x", &"a".repeat(64)] {
            assert!(SiteScene::parse(scene).is_some(), "{scene}");
        }
        for scene in ["", "two words", "门", "login:web:abc", &"a".repeat(65)] {
            assert!(SiteScene::parse(scene).is_none(), "{scene}");
        }
    }
}
