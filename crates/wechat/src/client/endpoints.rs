//! The addresses of WeChat.

use std::time::Duration;

use saoma_domain::wechat::AppName;
use url::Url;

/// The addresses of WeChat, or of a simulated one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WechatEndpoints {
    /// The API, `https://api.weixin.qq.com`.
    pub api_base: String,
    /// The pages on which WeChat asks people for their consent, `https://open.weixin.qq.com`.
    pub open_base: String,
    /// The pictures of QR codes, `https://mp.weixin.qq.com`.
    pub mp_base: String,
    /// The longest time that one call of the client takes, with everything that it repeats.
    pub timeout: Duration,
}

/// Why a [`WechatClient`](super::WechatClient) cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum WechatClientError {
    /// An address is not an `http` or `https` URL without user, query and fragment.
    #[error("{key} is not an http or https address without user, query and fragment")]
    Address {
        /// The field of [`WechatEndpoints`].
        key: &'static str,
    },
    /// Two apps have one name.
    #[error("two WeChat apps are named {0}")]
    DuplicateApp(AppName),
    /// TLS cannot be set up, most often because the system has no CA certificates.
    #[error("no HTTPS client can be made: {0}")]
    Tls(String),
}

/// Checks an address and returns it without a slash at its end.
pub(super) fn checked_base(key: &'static str, base: &str) -> Result<String, WechatClientError> {
    let url = Url::parse(base).map_err(|_| WechatClientError::Address { key })?;
    let is_base = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !is_base {
        return Err(WechatClientError::Address { key });
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}
