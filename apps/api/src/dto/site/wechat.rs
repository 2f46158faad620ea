//! Bodies of the calls under `/v1/admin/wechat`.

use saoma_domain::ports::{AppToken, JsConfig};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which access token is asked for.
#[derive(Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessTokenRequest {
    /// Whether WeChat is to make another one: at most 20 times a day and 30 s apart. The one before is dead at once,
    /// everywhere.
    #[serde(default)]
    pub(crate) force: bool,
}

/// The access token of an app.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccessTokenBody {
    access_token: String,
    /// In seconds.
    expires_in: u64,
}

impl From<AppToken> for AccessTokenBody {
    fn from(token: AppToken) -> Self {
        Self { access_token: token.value.to_string(), expires_in: token.expires_in.as_secs() }
    }
}

/// The page that is to use WeChat's JS-SDK.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JsConfigRequest {
    /// Its URL; what stands behind `#` does not count.
    pub(crate) url: String,
}

/// What `wx.config` takes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JsConfigBody {
    app_id: String,
    timestamp: i64,
    nonce_str: String,
    signature: String,
}

impl From<JsConfig> for JsConfigBody {
    fn from(config: JsConfig) -> Self {
        let JsConfig { app_id, timestamp, nonce, signature } = config;
        Self { app_id, timestamp, nonce_str: nonce, signature }
    }
}

/// A QR code with a scene of the site's own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteCodeRequest {
    /// 1 to 64 printable ASCII characters; not `login:…`.
    pub(crate) scene: String,
    /// How long it can be scanned, in seconds: 60 to 2592000, which is the default.
    pub(crate) expires_in: Option<u32>,
}

/// The QR code that WeChat made.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteCodeBody {
    pub(crate) scene: String,
    /// The URL in the code.
    pub(crate) content: String,
    /// The code as an SVG picture.
    pub(crate) svg: String,
    /// WeChat's own picture.
    pub(crate) image_url: String,
    pub(crate) expires_at: String,
    /// In seconds.
    pub(crate) expires_in: u64,
}
