//! The client for WeChat.

use std::sync::Arc;

use saoma_domain::ports::{Clock, Random};
use saoma_wechat::client::{SharedTokens, WechatApp, WechatClient, WechatClientError, WechatEndpoints};

use crate::config::WechatConfig;

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
        app_id: app.app_id.clone(),
        secret: app.secret.clone(),
    });
    WechatClient::new(&endpoints, apps.collect(), Arc::clone(clock), Arc::clone(random), shared)
}
