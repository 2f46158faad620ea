//! Why an authorize URL cannot be used.

/// What is wrong with an authorize URL, or with what a person wants to do on its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizeError {
    /// The URL is of neither of WeChat's two pages.
    #[error("this is neither /connect/qrconnect nor /connect/oauth2/authorize")]
    Page,
    /// `#wechat_redirect` is missing at the end.
    #[error("#wechat_redirect is missing at the end")]
    Fragment,
    /// `appid` is missing.
    #[error("appid is missing")]
    AppIdMissing,
    /// No app that may use this page has this `appid`.
    #[error("appid is unknown, or of an app that may not use this page")]
    AppIdUnknown,
    /// The `appid` is a website's, which does not work inside WeChat.
    #[error("appid is a website's, which does not work inside WeChat")]
    AppIdOfWebsite,
    /// `redirect_uri` is missing.
    #[error("redirect_uri is missing")]
    RedirectUriMissing,
    /// `redirect_uri` is no http or https URL, or its host is not the app's domain.
    #[error("redirect_uri is not in the app's domain")]
    RedirectUriForeign,
    /// `response_type` is not `code`.
    #[error("response_type must be code")]
    ResponseType,
    /// `scope` is missing.
    #[error("scope is missing")]
    ScopeMissing,
    /// This page has no such `scope`.
    #[error("this page has no such scope")]
    ScopeUnknown,
    /// `state` inside WeChat is over 128 bytes or has other characters than letters, digits, `-` and `_`.
    #[error("state is too long or has characters that WeChat does not return")]
    State,
    /// `snsapi_base` asks for no consent, so that it cannot be refused.
    #[error("snsapi_base asks for no consent, so it cannot be refused")]
    NoConsent,
    /// Only a page with `snsapi_userinfo` can be a snapshot.
    #[error("only snsapi_userinfo has snapshot pages")]
    NoSnapshot,
}

impl AuthorizeError {
    /// Returns the key of its text on the authorization page (`problem_…` in `words-en.js`).
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Fragment => "fragment",
            Self::AppIdMissing => "appid_missing",
            Self::AppIdUnknown => "appid_unknown",
            Self::AppIdOfWebsite => "appid_website",
            Self::RedirectUriMissing => "redirect_missing",
            Self::RedirectUriForeign => "redirect_foreign",
            Self::ResponseType => "response_type",
            Self::ScopeMissing => "scope_missing",
            Self::ScopeUnknown => "scope_unknown",
            Self::State => "state",
            Self::NoConsent => "no_consent",
            Self::NoSnapshot => "no_snapshot",
        }
    }

    /// Returns the number that WeChat's page shows; `None` for a mistake whose number is not known.
    pub fn code(self) -> Option<u32> {
        match self {
            Self::RedirectUriForeign => Some(10003),
            Self::ScopeUnknown => Some(10005),
            Self::ScopeMissing => Some(10010),
            Self::RedirectUriMissing => Some(10011),
            Self::AppIdMissing => Some(10012),
            Self::AppIdOfWebsite => Some(10016),
            Self::AppIdUnknown => Some(40013),
            Self::Page
            | Self::Fragment
            | Self::ResponseType
            | Self::State
            | Self::NoConsent
            | Self::NoSnapshot => None,
        }
    }
}
