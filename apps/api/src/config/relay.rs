//! The keys of a `[[wechat.apps]]` section that say which system gets what is about no login.

use url::Url;

use super::section::Section;

/// The site's own system behind an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayConfig {
    /// Where it is called, as WeChat would call it.
    pub url: Url,
    /// Whether it is told of logins, too (`relay = "all"`).
    pub with_logins: bool,
}

pub(super) fn read(section: &mut Section<'_>, has_callback: bool) -> Option<RelayConfig> {
    let url = section.http_url("relay_url");
    let has_relay_key = section.has("relay");
    let with_logins = section.choice("relay", &[("rest", false), ("all", true)], false);
    if has_relay_key && with_logins && url.is_none() {
        section.problem("relay", "without `relay_url` there is no system to tell");
    }
    if url.is_some() && !has_callback {
        section.problem("relay_url", "without a `token` the app has no callback whose messages could go on");
    }
    Some(RelayConfig { url: url?, with_logins })
}
