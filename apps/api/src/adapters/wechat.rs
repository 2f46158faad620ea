//! The client for WeChat.

use std::sync::Arc;

use saoma_domain::ports::{Clock, Random, WechatError};
use saoma_wechat::client::{SharedTokens, WechatApp, WechatClient, WechatClientError, WechatEndpoints};

use crate::config::{AppKind, WechatConfig};

/// Makes the client for WeChat from the configuration; `shared` are the access tokens that nodes share.
pub(crate) fn wechat(
    config: &WechatConfig,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
    shared: Option<&SharedTokens>,
) -> Result<WechatClient, WechatClientError> {
    let endpoints = WechatEndpoints {
        api_base: config.api_base.to_string(),
        open_base: config.open_base.to_string(),
        mp_base: config.mp_base.to_string(),
        timeout: config.timeout,
    };
    let apps = config.apps.iter().map(|app| WechatApp {
        name: app.name.clone(),
        kind: app.kind,
        in_wechat_scope: app.oauth_scope,
        login_page: app.login_page.clone(),
        app_id: app.app_id.clone(),
        secret: app.secret.clone(),
    });
    WechatClient::new(&endpoints, apps.collect(), Arc::clone(clock), Arc::clone(random), shared)
}

/// Gets the access tokens ready, so that the log says at the start which app's secret WeChat refuses, and the first login waits
/// for one call less.
pub(super) async fn warm_up(client: Arc<WechatClient>, config: WechatConfig) {
    for app in &config.apps {
        match app.kind {
            AppKind::OfficialAccount | AppKind::MiniProgram => {}
            // It has no token: only a login shows whether its secret is right.
            AppKind::Website | AppKind::MobileApp => continue,
        }
        let name = &app.name;
        match client.warm_up(name).await {
            Ok(()) => tracing::info!(app = %name, "wechat.apps.{name}: WeChat takes its app id and secret"),
            Err(WechatError::Refused { errcode, advice }) => tracing::error!(
                app = %name,
                errcode,
                "wechat.apps.{name}: WeChat refuses its app id or secret: errcode {errcode}: {advice}"
            ),
            Err(
                error @ (WechatError::Unavailable { .. }
                | WechatError::NotFound { .. }
                | WechatError::UnknownApp),
            ) => {
                tracing::warn!(app = %name, %error, "wechat.apps.{name}: WeChat could not be asked: {error}");
            }
        }
    }
}
