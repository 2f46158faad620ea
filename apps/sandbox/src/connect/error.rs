//! Why an authorize URL cannot be used.

/// What is wrong with an authorize URL, or with what a person wants to do on its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizeError {
    /// It is neither of WeChat's two pages.
    #[error("this is neither /connect/qrconnect nor /connect/oauth2/authorize")]
    Page,
    /// `#wechat_redirect` is not at its end.
    #[error("#wechat_redirect is missing at the end")]
    Fragment,
    /// There is no `appid`.
    #[error("appid is missing")]
    AppIdMissing,
    /// No app that may use this page has this `appid`.
    #[error("appid is unknown, or of an app that may not use this page")]
    AppIdUnknown,
    /// The `appid` of a website is not for use inside WeChat.
    #[error("appid is a website's, which is not for use inside WeChat")]
    AppIdOfWebsite,
    /// There is no `redirect_uri`.
    #[error("redirect_uri is missing")]
    RedirectUriMissing,
    /// `redirect_uri` is no http or https URL, or its host is not the app's domain.
    #[error("redirect_uri is not in the app's domain")]
    RedirectUriForeign,
    /// `response_type` is not `code`.
    #[error("response_type must be code")]
    ResponseType,
    /// There is no `scope`.
    #[error("scope is missing")]
    ScopeMissing,
    /// This page knows no such `scope`.
    #[error("this page knows no such scope")]
    ScopeUnknown,
    /// `state` inside WeChat is over 128 bytes or has other characters than letters, digits, `-` and `_`.
    #[error("state is too long or has characters that WeChat does not return")]
    State,
    /// `snsapi_base` asks nobody, so that nobody can refuse.
    #[error("snsapi_base asks nobody, so that nobody can refuse")]
    AsksNobody,
    /// Only a page with `snsapi_userinfo` can be a snapshot.
    #[error("only snsapi_userinfo has snapshot pages")]
    NoSnapshot,
}

impl AuthorizeError {
    /// Returns what the page knows it by, in its list of texts.
    pub(super) fn word(self) -> &'static str {
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
            Self::AsksNobody => "asks_nobody",
            Self::NoSnapshot => "no_snapshot",
        }
    }

    /// Returns the number that WeChat's page shows; not every mistake has one that is known.
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
            | Self::AsksNobody
            | Self::NoSnapshot => None,
        }
    }
}
