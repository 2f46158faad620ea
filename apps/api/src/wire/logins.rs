//! Bodies of the login resource.

use serde::{Deserialize, Deserializer, Serialize, de::IntoDeserializer};
use utoipa::ToSchema;

/// The way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Channel {
    OfficialAccount,
    Website,
    InWechat,
    MiniProgram,
}

/// Who keeps the secrets: cookies, or the device itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClientKind {
    #[default]
    Browser,
    Device,
}

/// How the QR code is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum QrFormat {
    #[default]
    Svg,
    Png,
}

/// Reads one of several words. A derived reader would also take `{"browser": null}` for `"browser"`.
fn word<'de, D: Deserializer<'de>, T: Deserialize<'de>>(input: D) -> Result<T, D::Error> {
    let text = String::deserialize(input)?;
    T::deserialize(text.as_str().into_deserializer())
}

/// A wish to log in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"channel": "official_account", "client": "device"}))]
pub(crate) struct NewLogin {
    #[serde(deserialize_with = "word")]
    pub(crate) channel: Channel,
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
    /// The code of `wx.login`, for mini programs.
    #[expect(dead_code, reason = "part of the contract's body; its channel is refused before it is read")]
    pub(crate) code: Option<String>,
}

/// A login that was started.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StartedBody {
    pub(crate) id: String,
    /// The secret of the login; only for `client: device`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) poll_token: Option<String>,
    pub(crate) state: &'static str,
    pub(crate) version: u32,
    pub(crate) channel: &'static str,
    pub(crate) app: String,
    pub(crate) expires_at: String,
    pub(crate) expires_in: u64,
    pub(crate) poll_interval_ms: u64,
    pub(crate) qr: QrBody,
}

/// The QR code to show.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QrBody {
    /// The URL that the code holds.
    pub(crate) content: String,
    /// The code as an SVG picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) svg: Option<String>,
    /// The code as a PNG picture of 480 pixels, in base64; in place of `svg` where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) png: Option<String>,
    /// WeChat's own picture.
    pub(crate) image_url: String,
}

/// A wish to get an SMS code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendCode {
    /// A mobile number; one of mainland China without a country code.
    pub(crate) phone: String,
}

/// An SMS code that is on its way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CodeSent {
    pub(crate) resend_in: u64,
    pub(crate) expires_in: u64,
}

/// A phone number with the code that was sent to it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BindPhone {
    pub(crate) phone: String,
    pub(crate) code: String,
}
