//! The body of a request to log in.

use serde::{Deserialize, Deserializer, de::IntoDeserializer};
use utoipa::ToSchema;

use super::{CheckRequest, LoginChannel};

/// Where the client keeps the secrets of the login: a browser in cookies, a device in a place of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClientKind {
    #[default]
    Browser,
    Device,
}

/// The format of the QR code's picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum QrFormat {
    #[default]
    Svg,
    Png,
}

/// A request to log in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"channel": "official_account", "client": "device"}))]
pub(crate) struct StartRequest {
    #[serde(deserialize_with = "word")]
    pub(crate) channel: LoginChannel,
    #[serde(default, deserialize_with = "word")]
    pub(crate) client: ClientKind,
    /// The name of a configured WeChat app; the first one of the kind when left out.
    pub(crate) app: Option<String>,
    /// `[a-z0-9-]{1,16}`; `web` when left out.
    pub(crate) purpose: Option<String>,
    /// Where the browser goes afterwards: a path of this site or an allowed URL.
    pub(crate) return_to: Option<String>,
    #[serde(default, deserialize_with = "word")]
    pub(crate) qr_format: QrFormat,
    /// The code of `wx.login` or of WeChat's SDK; for `mini_program` and `app`, and needed there.
    pub(crate) code: Option<String>,
    /// The version of the terms to which the person agreed (`consent.version` of `GET /v1/page`).
    pub(crate) consent: Option<String>,
    /// What shows that the client is no machine (`GET /v1/check`); for `sms`, where a check is configured.
    pub(crate) check: Option<CheckRequest>,
}

/// Reads one of several words. Without this, `{"browser": null}` would also pass for `"browser"`.
fn word<'de, D: Deserializer<'de>, T: Deserialize<'de>>(input: D) -> Result<T, D::Error> {
    let text = String::deserialize(input)?;
    T::deserialize(text.as_str().into_deserializer())
}
