//! The adapter that hands messages to the site's own systems.

use std::sync::Arc;

use saoma_domain::ports::{NoRelay, Relay};
use saoma_relay::{HttpRelay, HttpRelayError, RelayTarget};

use crate::config::WechatConfig;

/// Makes the adapter for the apps that have a `relay_url`.
pub(super) fn relay(wechat: &WechatConfig) -> Result<Arc<dyn Relay>, HttpRelayError> {
    let targets: std::collections::BTreeMap<_, _> = wechat
        .apps
        .iter()
        .filter_map(|app| {
            let relay = app.relay.as_ref()?;
            let target = RelayTarget { url: relay.url.clone(), with_logins: relay.with_logins };
            Some((app.name.clone(), target))
        })
        .collect();
    if targets.is_empty() {
        return Ok(Arc::new(NoRelay));
    }
    Ok(Arc::new(HttpRelay::new(targets)?))
}
