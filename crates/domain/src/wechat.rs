//! What WeChat tells and what it is asked for, in the domain's words.

use std::time::Duration;

use crate::text::short_text;

short_text! {
    /// The name that the configuration gives to one WeChat app, such as `main`: `[a-z0-9_-]{1,32}`.
    AppName, 32, |text| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

short_text! {
    /// The id of a person within one WeChat app: 1–128 printable ASCII characters.
    ///
    /// The same person has another openid in every app; only a [`UnionId`] links them.
    OpenId, 128, |text| text.bytes().all(|b| b.is_ascii_graphic())
}

short_text! {
    /// The id of a person within one open-platform account: 1–128 printable ASCII characters.
    UnionId, 128, |text| text.bytes().all(|b| b.is_ascii_graphic())
}

/// A temporary QR code as WeChat made it (`/cgi-bin/qrcode/create`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrTicket {
    /// The URL inside the QR code; it has to be drawn as it is.
    pub url: String,
    /// Where WeChat serves a picture of the code.
    pub image_url: String,
    /// How long WeChat honours the code.
    pub lifetime: Duration,
}

/// What WeChat knows about a person who talks to an official account (`/cgi-bin/user/info`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Follower {
    /// Whether the person follows the account at the moment.
    pub subscribed: bool,
    /// The link to the person's other apps; absent when the account is bound to no open platform.
    pub unionid: Option<UnionId>,
}
