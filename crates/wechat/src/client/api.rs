//! The APIs of WeChat that are called, and how each may be called.

use super::gate::Gate;

/// An API of WeChat. Each has its own quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    Token,
    QrCreate,
    UserInfo,
    OAuthToken,
    OAuthUserInfo,
    JsCode,
    PhoneNumber,
    CheckSession,
    ResetSession,
}

impl Api {
    /// Says whether a request may be sent again when it is not known what became of it.
    ///
    /// WeChat takes a code once, and a session key that was reset is another one afterwards. So a second
    /// request would be refused because of the first, and hide that the first was served.
    pub(super) fn is_repeatable(self) -> bool {
        match self {
            Self::Token | Self::QrCreate | Self::UserInfo | Self::OAuthUserInfo | Self::CheckSession => true,
            Self::OAuthToken | Self::JsCode | Self::PhoneNumber | Self::ResetSession => false,
        }
    }

    /// Says whether the app secret is sent and not an access token.
    pub(super) fn takes_secret(self) -> bool {
        match self {
            Self::Token | Self::OAuthToken | Self::JsCode => true,
            Self::QrCreate
            | Self::UserInfo
            | Self::OAuthUserInfo
            | Self::PhoneNumber
            | Self::CheckSession
            | Self::ResetSession => false,
        }
    }
}

/// The gates of one app, but for that of its access tokens.
pub(super) struct Gates {
    pub(super) qr_create: Gate,
    pub(super) user_info: Gate,
    pub(super) oauth_token: Gate,
    pub(super) oauth_user_info: Gate,
    pub(super) js_code: Gate,
    pub(super) phone_number: Gate,
    pub(super) check_session: Gate,
    pub(super) reset_session: Gate,
}

impl Default for Gates {
    /// The quota of `jscode2session` was "100 a minute and user" on WeChat's page, and resetting a key is
    /// limited for one user too. The other two calls that a person's mini program causes say only that there
    /// is a limit.
    fn default() -> Self {
        Self {
            qr_create: Gate::default(),
            user_info: Gate::default(),
            oauth_token: Gate::default(),
            oauth_user_info: Gate::default(),
            js_code: Gate::by_person(),
            phone_number: Gate::by_person(),
            check_session: Gate::by_person(),
            reset_session: Gate::by_person(),
        }
    }
}
