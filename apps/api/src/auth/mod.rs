//! Who calls, and whether the call may do what it asks for.
//!
//! | file | what it has |
//! | --- | --- |
//! | `credential_source` | how a secret came: as a cookie, or in the `Authorization` header |
//! | `admin_host` | whether a call to the operator's listener is meant for it |
//! | `login_credentials` | the poll token of a login |
//! | `session_credentials` | the token of a session |
//! | `site_key` | the key of a site's system, and its scopes |
//! | `cookies`, `cookie_header` | the names, paths and lifetimes of our cookies, and how they are read |
//! | `authorization_cookies` | the cookies that keep what OpenID clients ask for |
//! | `browser_binding` | a login's cookies count only in the browser that they were made for |
//! | `oauth_state` | what a browser takes along to WeChat |
//! | `relay_state` | the same, where the code is for another system |
//! | `origin` | which pages may call with cookies |

mod admin_host;
#[cfg(feature = "oidc")]
mod authorization_cookies;
mod browser_binding;
mod cookie_header;
mod cookies;
mod credential_source;
mod login_credentials;
mod oauth_state;
mod origin;
mod relay_state;
mod session_credentials;
mod site_key;

pub(crate) use admin_host::AdminHosts;
pub(crate) use browser_binding::{Browser, BrowserBinding};
pub(crate) use cookies::Cookies;
pub(crate) use credential_source::CredentialSource;
pub(crate) use login_credentials::{LoginCall, LoginCredential, LoginCredentials};
pub(crate) use oauth_state::{OAuthState, OAuthStates};
pub(crate) use origin::{AllowedOrigins, refuse_parts_of_pages};
pub(crate) use relay_state::{RelayState, RelayStates};
pub(crate) use session_credentials::{SessionCall, SessionCredentials};
pub(crate) use site_key::{SiteCall, SiteKeys, scope};
