//! The port of web authorization: websites, and pages inside WeChat.
//!
//! Source: WeChat's pages "Website application login" (`snsapi_login`) and "Web authorization" of official
//! accounts (`snsapi_base`, `snsapi_userinfo`). The person's own tokens are dropped as soon as the profile is
//! read: a login needs them no longer, so there is nothing to refresh.

use async_trait::async_trait;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use saoma_domain::login::LoginId;
use saoma_domain::ports::{OAuth, WechatError};
use saoma_domain::wechat::{AppName, Authorization, AuthorizedUser, OpenId, Profile, RawUnionId};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::api::Api;
use super::app::{App, InWechatScope, WechatAppKind};
use super::failure::Failure;
use super::profile::{self, ProfileAnswer, union_id};
use super::wechat_client::{Call, WechatClient};
use crate::json::optional_text;

const EXCHANGE_PATH: &str = "/sns/oauth2/access_token";

/// What RFC 3986 leaves as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where an app sends people for their consent, and what it asks them for.
#[derive(Clone, Copy)]
struct Consent {
    page: &'static str,
    scope: &'static str,
    covers_profile: bool,
}

const WEBSITE: Consent = Consent { page: "/connect/qrconnect", scope: "snsapi_login", covers_profile: true };
const IN_WECHAT: &str = "/connect/oauth2/authorize";

impl Consent {
    fn of(kind: WechatAppKind) -> Option<Self> {
        match kind {
            WechatAppKind::Website => Some(WEBSITE),
            WechatAppKind::OfficialAccount { in_wechat_scope: InWechatScope::Base } => {
                Some(Self { page: IN_WECHAT, scope: "snsapi_base", covers_profile: false })
            }
            WechatAppKind::OfficialAccount { in_wechat_scope: InWechatScope::UserInfo } => {
                Some(Self { page: IN_WECHAT, scope: "snsapi_userinfo", covers_profile: true })
            }
            WechatAppKind::MiniProgram => None,
        }
    }
}

/// What WeChat gives for a code.
#[derive(Deserialize)]
struct GrantAnswer {
    openid: String,
    #[serde(default, deserialize_with = "optional_text")]
    unionid: Option<String>,
    #[serde(default)]
    access_token: Option<SecretString>,
    #[serde(default, deserialize_with = "says_yes")]
    is_snapshotuser: bool,
}

/// Reads a flag that is 1 or absent. Whatever is neither absent nor a no counts as a yes, since a login that
/// is refused can be tried again and one of a virtual user cannot be taken back.
fn says_yes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => false,
        Value::Bool(flag) => flag,
        Value::Number(number) => number.as_i64() != Some(0),
        Value::String(text) => !matches!(text.as_str(), "" | "0" | "false"),
        Value::Array(_) | Value::Object(_) => true,
    })
}

impl WechatClient {
    fn consenting(&self, name: &AppName) -> Result<(&App, Consent), WechatError> {
        let app = self.app(name)?;
        Consent::of(app.identity.kind).map(|consent| (app, consent)).ok_or(WechatError::UnknownApp)
    }

    async fn grant(&self, app: &App, code: &str) -> Result<(OpenId, GrantAnswer), WechatError> {
        let query = [("code", code), ("grant_type", "authorization_code")];
        let gate = &app.gates.oauth_token;
        let call = Call { api: Api::OAuthToken, gate, path: EXCHANGE_PATH, query: &query, body: None };
        let grant = self.call_with_secret::<GrantAnswer>(app, &call).await?;
        let openid = OpenId::parse(grant.openid.as_str()).map_err(|_| {
            let failure = Failure::Nonsense("the answer names nobody".to_owned());
            self.report(app, call.api, failure)
        })?;
        Ok((openid, grant))
    }

    async fn profile(
        &self,
        app: &App,
        openid: &OpenId,
        token: &SecretString,
    ) -> Result<(Profile, Option<RawUnionId>), WechatError> {
        let query = [("openid", openid.as_str()), ("lang", "zh_CN")];
        let gate = &app.gates.oauth_user_info;
        let call = Call { api: Api::OAuthUserInfo, gate, path: profile::PATH, query: &query, body: None };
        let sent = self.send::<ProfileAnswer>(&call, &[("access_token", token.expose_secret())]).await;
        sent.and_then(|answer| answer.into_profile(openid))
            .map_err(|failure| self.report(app, call.api, failure))
    }
}

#[async_trait]
impl OAuth for WechatClient {
    /// The parameters stand in the order of WeChat's page, which is said to be compared as it is, and
    /// `#wechat_redirect` has to be last.
    ///
    /// For pages inside WeChat the page allows `[a-zA-Z0-9]` in `state`, up to 128 bytes; for websites it
    /// names no limit. A login's id has 39 bytes, and `-` and `_` among them. Neither character means
    /// anything in a URL, and it is not known whether WeChat looks at more than the length.
    fn authorization(
        &self,
        app: &AppName,
        redirect_uri: &str,
        state: LoginId,
    ) -> Result<Authorization, WechatError> {
        let (app, Consent { page, scope, .. }) = self.consenting(app)?;
        let app_id = app.identity.app_id.clone();
        let url = format!(
            "{}{page}?appid={}&redirect_uri={}&response_type=code&scope={scope}&state={state}#wechat_redirect",
            self.open_base,
            utf8_percent_encode(&app_id, UNRESERVED),
            utf8_percent_encode(redirect_uri, UNRESERVED),
        );
        Ok(Authorization { url, app_id, scope })
    }

    /// Name and picture are asked for in what is left of the time, and a failure there is logged and no more:
    /// the code is used, and who it is is known.
    async fn exchange(&self, app: &AppName, code: &str) -> Result<AuthorizedUser, WechatError> {
        let (app, consent) = self.consenting(app)?;
        let deadline = self.deadline();
        let (openid, grant) = self.until(app, deadline, self.grant(app, code)).await?;
        let unionid = union_id(grant.unionid);
        let is_snapshot = grant.is_snapshotuser;
        // A snapshot's name and picture are made up.
        let token = grant.access_token.filter(|_| consent.covers_profile && !is_snapshot);
        let told = match &token {
            Some(token) => self.until(app, deadline, self.profile(app, &openid, token)).await.ok(),
            None => None,
        };
        let (profile, union_of_profile) = told.unwrap_or_default();
        Ok(AuthorizedUser { openid, unionid: unionid.or(union_of_profile), profile, is_snapshot })
    }
}
