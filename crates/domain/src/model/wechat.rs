//! What WeChat tells and what it is asked for, in the domain's words.

use std::time::Duration;

use zeroize::Zeroizing;

pub use super::app_profile::{AppProfile, RefreshToken};
use crate::text::short_text;

short_text! {
    /// The name that the configuration gives to one WeChat app, such as `main`: `[a-z0-9_-]{1,32}`.
    AppName, 32, |text| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

short_text! {
    /// The id of a person within one WeChat app: 1–128 printable ASCII characters.
    ///
    /// The same person has another openid in every app; only a [`RawUnionId`] links them.
    OpenId, 128, |text| text.bytes().all(|b| b.is_ascii_graphic())
}

short_text! {
    /// The id of a person within one open-platform account: 1–128 printable ASCII characters.
    RawUnionId, 128, |text| text.bytes().all(|b| b.is_ascii_graphic())
}

short_text! {
    /// The name that the configuration gives to one open-platform account: `[a-z0-9_-]{1,32}`.
    ///
    /// A [`RawUnionId`] says something only within one of these.
    OpenAccount, 32, |text| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

/// The kind of a WeChat app, which decides what it can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppKind {
    /// A certified service account, or the test account.
    OfficialAccount,
    /// A website application of the open platform. It has no access tokens.
    Website,
    /// A mini program.
    MiniProgram,
    /// A mobile application of the open platform, which has WeChat's SDK in it. It has no access tokens.
    MobileApp,
}

impl AppKind {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OfficialAccount => "official_account",
            Self::Website => "website",
            Self::MiniProgram => "mini_program",
            Self::MobileApp => "mobile_app",
        }
    }
}

/// A person within one open-platform account: the same for all apps that are bound to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnionId {
    /// The open-platform account.
    pub open_account: OpenAccount,
    /// The person.
    pub unionid: RawUnionId,
}

/// What a person shows of themselves, where the channel tells it; an empty one erases nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// The name.
    pub nickname: Option<String>,
    /// Where the picture is (https).
    pub avatar_url: Option<String>,
}

/// Where to send a browser for an authorization, whole and in the parts that WeChat's own script takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// The URL, `#wechat_redirect` included.
    pub url: String,
    /// WeChat's id of the app.
    pub app_id: String,
    /// `snsapi_login`, `snsapi_base` or `snsapi_userinfo`.
    pub scope: &'static str,
}

/// Who authorized a login, as WeChat told it for a code (`/sns/oauth2/access_token`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizedUser {
    /// The person within the app.
    pub openid: OpenId,
    /// The link to the person's other apps.
    pub unionid: Option<RawUnionId>,
    /// Name and picture, where the scope covers them.
    pub profile: Profile,
    /// What else the scope covers.
    pub details: AppProfile,
    /// By which this can be asked for again for thirty days, where the scope covers a profile.
    pub refresh_token: Option<RefreshToken>,
    /// Whether it is the virtual user of a snapshot page (`is_snapshotuser`), which stands for no person.
    pub is_snapshot: bool,
}

/// Who opened a mini program, as WeChat told it for a code (`/sns/jscode2session`).
#[derive(Clone, Debug)]
pub struct MiniProgramUser {
    /// The person within the mini program.
    pub openid: OpenId,
    /// The link to the person's other apps.
    pub unionid: Option<RawUnionId>,
    /// What the mini program's data is encrypted with; never leaves the server.
    pub session_key: SessionKey,
}

/// The key of a mini program's session, in base64 as WeChat sent it; it cannot be printed.
#[derive(Clone)]
pub struct SessionKey(Zeroizing<String>);

impl SessionKey {
    /// Wraps the text that WeChat sent.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Returns the text, for those who compute with it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionKey(redacted)")
    }
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

/// The round code of a mini program as WeChat drew it (`/wxa/getwxacodeunlimit`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MiniProgramCode {
    /// The picture: a PNG, or a JPEG.
    pub picture: Vec<u8>,
}

/// What WeChat knows about a person who talks to an official account (`/cgi-bin/user/info`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Follower {
    /// Whether the person follows the account at the moment.
    pub subscribed: bool,
    /// The link to the person's other apps; absent when the account is bound to no open platform.
    pub unionid: Option<RawUnionId>,
    /// What else WeChat tells of a person who follows.
    pub profile: AppProfile,
}
