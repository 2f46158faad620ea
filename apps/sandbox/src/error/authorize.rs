//! Why an authorize URL cannot be used.

/// A row for each error: its text, the key of its text on the authorization page (`problem_…` in `words-en.js`),
/// and the number that WeChat's page shows, where it is known.
macro_rules! authorize_errors {
    ($(#[$doc:meta] $name:ident = $text:literal, $key:literal, $number:expr;)+) => {
        /// What is wrong with an authorize URL, or with what a person wants to do on its page.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum AuthorizeError {
            $(#[$doc] #[error($text)] $name,)+
        }

        impl AuthorizeError {
            /// Returns the key of its text on the authorization page.
            pub(crate) fn key(self) -> &'static str {
                match self {
                    $(Self::$name => $key,)+
                }
            }

            /// Returns the number that WeChat's page shows; `None` for a mistake whose number is not known.
            pub fn code(self) -> Option<u32> {
                match self {
                    $(Self::$name => $number,)+
                }
            }
        }
    };
}

authorize_errors! {
    /// The URL is of neither of WeChat's two pages.
    Page = "this is neither /connect/qrconnect nor /connect/oauth2/authorize", "page", None;
    /// `#wechat_redirect` is missing at the end.
    Fragment = "#wechat_redirect is missing at the end", "fragment", None;
    /// `appid` is missing.
    AppIdMissing = "appid is missing", "appid_missing", Some(10012);
    /// No app that may use this page has this `appid`.
    AppIdUnknown = "appid is unknown, or of an app that may not use this page", "appid_unknown", Some(40013);
    /// The `appid` is a website's, which does not work inside WeChat.
    AppIdOfWebsite =
        "appid is a website's, which does not work inside WeChat", "appid_website", Some(10016);
    /// `redirect_uri` is missing.
    RedirectUriMissing = "redirect_uri is missing", "redirect_missing", Some(10011);
    /// `redirect_uri` is no http or https URL, or its host is not the app's domain.
    RedirectUriForeign = "redirect_uri is not in the app's domain", "redirect_foreign", Some(10003);
    /// `response_type` is not `code`.
    ResponseType = "response_type must be code", "response_type", None;
    /// `scope` is missing.
    ScopeMissing = "scope is missing", "scope_missing", Some(10010);
    /// This page has no such `scope`.
    ScopeUnknown = "this page has no such scope", "scope_unknown", Some(10005);
    /// `state` inside WeChat is over 128 bytes or has other characters than letters, digits, `-` and `_`.
    State = "state is too long or has characters that WeChat does not return", "state", None;
    /// `snsapi_base` asks for no consent, so that it cannot be refused.
    NoConsent = "snsapi_base asks for no consent, so it cannot be refused", "no_consent", None;
    /// Only a page with `snsapi_userinfo` can be a snapshot.
    NoSnapshot = "only snsapi_userinfo has snapshot pages", "no_snapshot", None;
}
