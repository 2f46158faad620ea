//! The page inside the login page in which Alibaba Cloud's captcha runs; only where one is configured. Its policy is the one
//! that opens hosts of others, so the login page's stays as narrow as it is.

use url::Url;

use super::{HTML, SCRIPT, asset::Asset, attribute, component::lean};
use crate::config::{CheckConfig, Config};

const PAGE: &str = include_str!("../../../web/captcha.html");
const OWN_SCRIPT: &str = include_str!("../../../web/captcha.js");

/// The script of the cloud; it may not be kept elsewhere.
const SCRIPT_URL: &str = "https://o.alicdn.com/captcha-frontend/aliyunCaptcha/AliyunCaptcha.js";

/// Where the script gets more scripts and styles.
const RESOURCES: &str = "https://g.alicdn.com https://o.alicdn.com https://x.alicdn.com";

/// Returns where the script of a region gets pictures, and where it calls, as its makers list them.
fn hosts(region: &str) -> (&'static str, &'static str) {
    match region {
        "sgp" => (
            "https://static-captcha-sgp.aliyuncs.com",
            "https://*.captcha-open-southeast.aliyuncs.com https://*.captcha-open-southeast-b.aliyuncs.com \
             https://*.captcha-open-southeast-dual.aliyuncs.com https://*.captcha-open-southeast-dual-b.aliyuncs.com \
             https://cloudauth-device.ap-southeast-1.aliyuncs.com https://ap-southeast-1.device.saf.aliyuncs.com \
             https://ap-southeast-1-ga.device.saf.aliyuncs.com \
             https://cloudauth-device-dualstack.ap-southeast-1.aliyuncs.com",
        ),
        _ => (
            "https://static-captcha.aliyuncs.com",
            "https://*.captcha-open.aliyuncs.com https://*.captcha-open-b.aliyuncs.com \
             https://*.captcha-open-dual.aliyuncs.com https://*.captcha-open-dual-b.aliyuncs.com \
             https://cloudauth-device.aliyuncs.com https://cn-shanghai.device.saf.aliyuncs.com \
             https://cloudauth-device-dualstack.cn-shanghai.aliyuncs.com",
        ),
    }
}

/// Returns the page and its script, by their paths.
pub(super) fn files(config: &Config) -> Vec<(&'static str, Asset)> {
    let CheckConfig::Aliyun { captcha, prefix, region, script_url } = &config.check else {
        return Vec::new();
    };
    let script = script_url.as_ref().map_or(SCRIPT_URL, Url::as_str);
    let page = PAGE
        .replace("\"/assets/", &format!("\"{}/assets/", config.mount))
        .replace("{script}", &attribute(script))
        .replace("{scene}", &attribute(&captcha.scene_id))
        .replace("{prefix}", &attribute(prefix))
        .replace("{region}", region);
    vec![
        ("/assets/captcha", Asset::framed(HTML, page, policy(config, region, script_url.as_ref()))),
        ("/assets/captcha.js", Asset::own(SCRIPT, lean(OWN_SCRIPT))),
    ]
}

/// Returns what the page may do. The script of the cloud writes styles of its own.
fn policy(config: &Config, region: &str, script_url: Option<&Url>) -> String {
    let (pictures, calls) = hosts(region);
    let (resources, pictures, calls) = match script_url {
        Some(url) => {
            let origin = url.origin().ascii_serialization();
            (origin.clone(), origin.clone(), origin)
        }
        None => (RESOURCES.to_owned(), format!("{RESOURCES} {pictures}"), calls.to_owned()),
    };
    let mut around = "'self'".to_owned();
    for origin in &config.server.allowed_origins {
        around.push(' ');
        around.push_str(&origin.ascii_serialization());
    }
    format!(
        "default-src 'none'; script-src 'self' {resources}; style-src 'unsafe-inline' {resources}; \
         img-src data: blob: {pictures}; font-src data: {resources}; connect-src {calls}; base-uri 'none'; \
         form-action 'none'; frame-ancestors {around}"
    )
}
