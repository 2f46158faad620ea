//! The port of the site's other systems: token, JS-SDK, user info.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use saoma_domain::ports::{AppApi, AppCall, AppToken, JsConfig, WechatError};
use saoma_domain::text::hex;
use saoma_domain::time::Timestamp;
use saoma_domain::wechat::{AppKind, AppName, OpenId};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use sha1::{Digest as _, Sha1};

use super::api::{Api, Call, Credentials, Method, Quota, Repeat};
use super::calls::{self, AnyAnswer};
use super::configured_app::ConfiguredApp;
use super::wechat_client::WechatClient;

/// A ticket is asked for anew so long before its end.
const EARLY: Duration = Duration::from_secs(300);

/// The ticket of an app, and when another one is asked for.
#[derive(Default)]
pub(super) struct JsTicket(Mutex<Option<(SecretString, Timestamp)>>);

impl JsTicket {
    fn valid(&self, now: Timestamp) -> Option<SecretString> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(_, until)| now < *until).map(|(ticket, _)| ticket.clone())
    }

    fn keep(&self, ticket: SecretString, until: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((ticket, until));
    }
}

impl WechatClient {
    /// Returns an app that has access tokens.
    fn app_with_tokens(&self, name: &AppName) -> Result<&ConfiguredApp, WechatError> {
        let app = self.app(name)?;
        match app.credentials().kind {
            AppKind::OfficialAccount | AppKind::MiniProgram => Ok(app),
            AppKind::Website | AppKind::MobileApp => Err(WechatError::UnknownApp),
        }
    }

    async fn js_ticket(&self, app: &ConfiguredApp) -> Result<SecretString, WechatError> {
        if let Some(ticket) = app.js_ticket.valid(app.now()) {
            return Ok(ticket);
        }
        let asked_at = app.now();
        let parameters = [("type", "jsapi")];
        let asked = app.ask(app.deadline(), &calls::JS_TICKET, &parameters, |answer| answer.into_ticket());
        let (ticket, lifetime) = asked.await?;
        app.js_ticket.keep(ticket.clone(), asked_at.plus(lifetime.saturating_sub(EARLY.min(lifetime / 2))));
        Ok(ticket)
    }
}

#[async_trait]
impl AppApi for WechatClient {
    async fn access_token(&self, app: &AppName, force: bool) -> Result<AppToken, WechatError> {
        let app = self.app_with_tokens(app)?;
        let token = app.token_for_others(force).await?;
        let expires_in = token.expires_at.saturating_duration_since(app.now());
        Ok(AppToken { value: Zeroizing::new(token.expose().to_owned()), expires_in })
    }

    fn token_expires_in(&self, app: &AppName) -> Option<Duration> {
        let app = self.app(app).ok()?;
        Some(app.cached_token()?.expires_at.saturating_duration_since(app.now()))
    }

    async fn js_config(&self, app: &AppName, url: &str) -> Result<JsConfig, WechatError> {
        let app = self.official_account(app)?;
        let ticket = self.js_ticket(app).await?;
        let (timestamp, nonce) = (app.now().as_secs(), hex(&app.random_bytes::<8>()));
        let signature = signature(ticket.expose_secret(), &nonce, timestamp, url);
        Ok(JsConfig { app_id: app.credentials().app_id.clone(), timestamp, nonce, signature })
    }

    async fn user_info(&self, app: &AppName, openid: &OpenId) -> Result<String, WechatError> {
        let app = self.official_account(app)?;
        let parameters = [("openid", openid.as_str()), ("lang", "zh_CN")];
        app.ask(app.deadline(), &calls::USER_INFO, &parameters, |answer| Ok(answer.to_string())).await
    }

    async fn call(&self, app: &AppName, call: &AppCall) -> Result<String, WechatError> {
        let app = self.app_with_tokens(app)?;
        let api = Api {
            path: call.path,
            method: if call.is_post { Method::Post } else { Method::Get },
            credentials: Credentials::Token,
            repeat: if call.is_repeatable { Repeat::Safe } else { Repeat::Never },
            quota: Quota::App,
        };
        let no_json = |_| WechatError::Unavailable {
            reason: "the parameters of the call are no JSON".to_owned(),
            retry_after: Duration::ZERO,
        };
        let parameters: Value = serde_json::from_str(&call.parameters).map_err(no_json)?;
        let call = Call::<AnyAnswer>::new(api);
        app.ask(app.deadline(), &call, &parameters, |answer| Ok(answer.into_json())).await
    }
}

/// Signs a page: SHA-1 over the four fields in the order of their names, none of them escaped.
fn signature(ticket: &str, nonce: &str, timestamp: i64, url: &str) -> String {
    let signed = format!("jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}");
    hex(&Sha1::digest(signed.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of WeChat's page on the JS-SDK.
    #[test]
    fn a_page_is_signed_as_wechat_does_it() {
        let ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg";
        let signed =
            signature(ticket, "Wm3WZYTPz0wzccnW", 1_414_587_457, "http://mp.weixin.qq.com?params=value");
        assert_eq!(signed, "0f9de62fce790f9a083d5c99e95740ceb90c27ed");
    }
}
