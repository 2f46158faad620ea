//! Bodies of the login resource.

use saoma_domain::login;
use serde::{Deserialize, Deserializer, Serialize, de::IntoDeserializer};
use utoipa::ToSchema;

use super::{AccountBody, SessionBody};
use crate::config::AppKind;

/// The way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Channel {
    OfficialAccount,
    Website,
    InWechat,
    MiniProgram,
}

/// Returns the kind of app that a way in needs, and the domain's word for it.
pub(crate) const fn app_channel(channel: Channel) -> (AppKind, login::Channel) {
    match channel {
        Channel::OfficialAccount => (AppKind::OfficialAccount, login::Channel::OfficialAccount),
        Channel::Website => (AppKind::Website, login::Channel::Website),
        Channel::InWechat => (AppKind::OfficialAccount, login::Channel::InWechat),
        Channel::MiniProgram => (AppKind::MiniProgram, login::Channel::MiniProgram),
    }
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
    /// The code of `wx.login`; for mini programs, and needed there.
    pub(crate) code: Option<String>,
}

/// A login that was started.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StartedBody {
    pub(crate) id: String,
    /// The secret of the login; only for `client: device`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) poll_token: Option<String>,
    /// `loop`; of mini programs `unregistered` or `registered`.
    pub(crate) state: &'static str,
    pub(crate) version: u32,
    pub(crate) channel: &'static str,
    pub(crate) app: String,
    /// When the state is over; not in `registered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_in: Option<u64>,
    pub(crate) poll_interval_ms: u64,
    /// For `official_account`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) qr: Option<QrBody>,
    /// Where to send the browser; for `website` and `in_wechat`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authorize_url: Option<String>,
    /// For `website` and `in_wechat`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wx_login: Option<WxLoginBody>,
    /// Why nobody was logged in; in `expired`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'static str>,
    /// Whose login it is; in `registered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<AccountBody>,
    /// The session; in `registered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) session: Option<SessionBody>,
}

/// What WeChat's own login script (`WxLogin`) takes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WxLoginBody {
    pub(crate) appid: String,
    pub(crate) scope: &'static str,
    pub(crate) redirect_uri: String,
    /// The login's id.
    pub(crate) state: String,
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

/// What a mini program got for the person's phone number: its code, or the encrypted data of old versions.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BindWechatPhone {
    /// The code of `getPhoneNumber`, which has nothing to do with that of `wx.login`.
    pub(crate) code: Option<String>,
    pub(crate) encrypted_data: Option<String>,
    pub(crate) iv: Option<String>,
}
