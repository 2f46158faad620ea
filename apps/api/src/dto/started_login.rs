//! The answer about a login that was started.

use saoma_domain::{
    login::{Login, LoginState},
    time::Timestamp,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{AccountBody, LoginChannel, SessionBody, rfc3339};

/// How often a client that does not wait may ask, in milliseconds.
const POLL_INTERVAL_MS: u64 = 1000;

/// A login that was started.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StartedBody {
    pub(crate) id: String,
    /// The secret of the login; only for `client: device`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) poll_token: Option<String>,
    /// `loop`; of `mini_program` and `app` `unregistered` or `registered`, of `sms` `unregistered`.
    pub(crate) state: &'static str,
    pub(crate) version: u32,
    pub(crate) channel: LoginChannel,
    /// The WeChat app; absent in `sms`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) app: Option<String>,
    /// When the state is over; not in `registered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_in: Option<u64>,
    pub(crate) poll_interval_ms: u64,
    /// For `official_account` and `mini_program_code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) qr: Option<QrBody>,
    /// Where to send the browser; for `website` and `in_wechat`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authorize_url: Option<String>,
    /// For `website` and `in_wechat`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wx_login: Option<WxLoginBody>,
    /// Why the login ended without a session; in `expired`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'static str>,
    /// Whose login it is; in `registered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<AccountBody>,
    /// The session; in `registered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) session: Option<SessionBody>,
}

impl StartedBody {
    /// Says how a login stands that was just started.
    pub(crate) fn new(login: &Login, channel: LoginChannel, app: Option<String>, now: Timestamp) -> Self {
        let (deadline, reason) = match login.state {
            LoginState::Loop { deadline }
            | LoginState::Scanned { deadline, .. }
            | LoginState::Unregistered { deadline, .. } => (Some(deadline), None),
            LoginState::Registered { .. } => (None, None),
            LoginState::Expired { reason, .. } => (None, Some(reason.as_str())),
        };
        Self {
            id: login.id.to_string(),
            poll_token: None,
            state: login.state.name(),
            version: login.version,
            channel,
            app,
            expires_at: deadline.map(rfc3339),
            expires_in: deadline.map(|deadline| deadline.secs_until(now)),
            poll_interval_ms: POLL_INTERVAL_MS,
            qr: None,
            authorize_url: None,
            wx_login: None,
            reason,
            account: None,
            session: None,
        }
    }
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
    /// The URL in the code; absent in `mini_program_code`, and of an account's own code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<String>,
    /// The code as an SVG picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) svg: Option<String>,
    /// The code as a PNG picture of 480 pixels, in base64: in place of `svg` where it was asked for, and alone in
    /// `mini_program_code`, the round code that WeChat drew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) png: Option<String>,
    /// WeChat's own picture; the account's own code where there is a `message`. Absent in `mini_program_code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) image_url: Option<String>,
    /// What the person sends to the account, which counts as the scan: of an account whose `login_by` is `message`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<MessageBody>,
}

impl QrBody {
    /// Shows an account's own code, with the code to send to it.
    pub(crate) fn of_account(image_url: &str, code: &str) -> Self {
        let message = Some(MessageBody { code: code.to_owned() });
        Self { content: None, svg: None, png: None, image_url: Some(image_url.to_owned()), message }
    }
}

/// What the person sends to the account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessageBody {
    /// Six digits, good for this login alone.
    #[schema(pattern = "^[0-9]{6}$")]
    pub(crate) code: String,
}
