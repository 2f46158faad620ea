//! The login page.

use crate::config::{AppKind, Config, Mount};

const PAGE: &str = include_str!("../../../web/login.html");

/// Returns the login page of a service that is mounted somewhere: `component` is the component that it is made of, `info`
/// what it needs to draw itself, as JSON.
pub(super) fn page(
    mount: &Mount,
    component: &str,
    channels: &str,
    return_to_allowed: &str,
    info: &str,
) -> String {
    PAGE.replace("{saoma.js}", &mount.path(component))
        .replace("\"/assets/", &format!("\"{mount}/assets/"))
        .replace("{channels}", channels)
        .replace("{return_to_allowed}", return_to_allowed)
        // The last one, for an operator may write anything.
        .replace("{page}", info)
}

/// Returns the channels that the page can offer. Pages inside WeChat use the official account.
pub(super) fn channels(config: &Config) -> String {
    let has = |kind| config.wechat.apps_of(kind).next().is_some();
    let mut channels = Vec::new();
    if has(AppKind::OfficialAccount) {
        channels.extend(["official_account", "in_wechat"]);
    }
    if has(AppKind::Website) {
        channels.push("website");
    }
    channels.join(" ")
}

/// Returns the addresses that the page may lead to after a login besides those of this site, written for an attribute.
pub(super) fn return_to_allowed(config: &Config) -> String {
    let allowed: Vec<_> = config.login.return_to_allowed.iter().map(url::Url::as_str).collect();
    allowed.join(" ").replace('&', "&amp;").replace('"', "&quot;")
}
