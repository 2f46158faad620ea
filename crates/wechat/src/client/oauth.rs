//! The port of authorization: websites, pages inside WeChat, and mobile applications.
//!
//! Source: WeChat's pages "Website application login" (`snsapi_login`), "Web authorization" of official
//! accounts (`snsapi_base`, `snsapi_userinfo`), and "Mobile application login" (`snsapi_userinfo`). The client drops a person's own token as soon as it has read
//! the profile; the refresh token is for the caller to seal.

use async_trait::async_trait;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use saoma_domain::login::LoginId;
use saoma_domain::ports::{OAuth, WechatError};
use saoma_domain::wechat::{AppKind, AppName, Authorization, AuthorizedUser, RefreshToken};
use secrecy::ExposeSecret as _;
use tokio::time::Instant;

use super::app::{InWechatScope, WechatApp};
use super::calls::{self, Grant, Told};
use super::configured_app::ConfiguredApp;
use super::wechat_client::WechatClient;

/// Encodes everything but what RFC 3986 calls unreserved.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How an app asks people for their consent, and what it asks for.
#[derive(Clone, Copy)]
struct Consent {
    /// The page that browsers are sent to; mobile applications have WeChat's SDK in its place.
    page: Option<&'static str>,
    scope: &'static str,
    covers_profile: bool,
}

const WEBSITE: Consent =
    Consent { page: Some("/connect/qrconnect"), scope: "snsapi_login", covers_profile: true };
const MOBILE_APP: Consent = Consent { page: None, scope: "snsapi_userinfo", covers_profile: true };
const IN_WECHAT: &str = "/connect/oauth2/authorize";

impl Consent {
    fn of(app: &WechatApp) -> Option<Self> {
        match (app.kind, app.in_wechat_scope) {
            (AppKind::Website, _) => Some(WEBSITE),
            (AppKind::MobileApp, _) => Some(MOBILE_APP),
            (AppKind::OfficialAccount, InWechatScope::Base) => {
                Some(Self { page: Some(IN_WECHAT), scope: "snsapi_base", covers_profile: false })
            }
            (AppKind::OfficialAccount, InWechatScope::UserInfo) => {
                Some(Self { page: Some(IN_WECHAT), scope: "snsapi_userinfo", covers_profile: true })
            }
            (AppKind::MiniProgram, _) => None,
        }
    }
}

impl WechatClient {
    fn consenting(&self, name: &AppName) -> Result<(&ConfiguredApp, Consent), WechatError> {
        let app = self.app(name)?;
        Consent::of(app.credentials()).map(|consent| (app, consent)).ok_or(WechatError::UnknownApp)
    }
}

#[async_trait]
impl OAuth for WechatClient {
    /// The parameters stand in the order of WeChat's documentation, because WeChat is said to compare the
    /// text, and `#wechat_redirect` has to be last.
    ///
    /// The documentation allows `[a-zA-Z0-9]` and up to 128 bytes in the `state` of pages inside WeChat, and
    /// names no limit for websites. A login's id has `-` and `_` too. Neither means anything in a URL, and it
    /// is not known whether WeChat checks more than the length.
    fn authorization(
        &self,
        app: &AppName,
        redirect_uri: &str,
        state: LoginId,
    ) -> Result<Authorization, WechatError> {
        let (app, Consent { page, scope, .. }) = self.consenting(app)?;
        let page = page.ok_or(WechatError::UnknownApp)?;
        let app_id = app.credentials().app_id.clone();
        let url = format!(
            "{}{page}?appid={}&redirect_uri={}&response_type=code&scope={scope}&state={state}#wechat_redirect",
            self.open_base,
            utf8_percent_encode(&app_id, UNRESERVED),
            utf8_percent_encode(redirect_uri, UNRESERVED),
        );
        Ok(Authorization { url, app_id, scope })
    }

    /// Asks for name and picture in what is left of the time. A failure there is logged and stops no login,
    /// since the code is used and says who the person is.
    async fn exchange(&self, app: &AppName, code: &str) -> Result<AuthorizedUser, WechatError> {
        let (app, consent) = self.consenting(app)?;
        let deadline = app.deadline();
        let parameters = [("code", code), ("grant_type", "authorization_code")];
        let grant = app.ask(deadline, &calls::OAUTH_TOKEN, &parameters, |answer| answer.into_grant()).await?;
        // The name and picture of a snapshot page's user are made up.
        let covers_profile = consent.covers_profile && !grant.is_snapshot;
        Ok(user(app, deadline, grant, covers_profile).await)
    }

    async fn refresh(&self, app: &AppName, token: &RefreshToken) -> Result<AuthorizedUser, WechatError> {
        let (app, consent) = self.consenting(app)?;
        let (deadline, app_id) = (app.deadline(), app.credentials().app_id.as_str());
        let parameters =
            [("appid", app_id), ("grant_type", "refresh_token"), ("refresh_token", token.reveal())];
        let grant =
            app.ask(deadline, &calls::OAUTH_REFRESH, &parameters, |answer| answer.into_grant()).await?;
        let grant = Grant { refresh_token: None, ..grant };
        Ok(user(app, deadline, grant, consent.covers_profile).await)
    }
}

/// Returns who granted something, with what WeChat tells of them by their token, where the scope covers that.
async fn user(app: &ConfiguredApp, deadline: Instant, grant: Grant, covers_profile: bool) -> AuthorizedUser {
    let Grant { openid, unionid, token, refresh_token, is_snapshot } = grant;
    let told = match token.filter(|_| covers_profile) {
        None => None,
        Some(token) => {
            let token = ("access_token", token.expose_secret());
            let parameters = [token, ("openid", openid.as_str()), ("lang", "zh_CN")];
            let asked =
                app.ask(deadline, &calls::OAUTH_USER_INFO, &parameters, |answer| answer.into_told(&openid));
            asked.await.ok()
        }
    };
    let Told { profile, details, unionid: unionid_of_profile } = told.unwrap_or_default();
    AuthorizedUser {
        openid,
        unionid: unionid.or(unionid_of_profile),
        profile,
        details,
        refresh_token: refresh_token.filter(|_| covers_profile),
        is_snapshot,
    }
}
