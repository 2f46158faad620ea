//! Who calls, and whether the call may do what it asks for: credentials, cookies, browsers and origins.

pub(crate) mod browser_binding;
mod cookie_header;
pub(crate) mod cookies;
pub(crate) mod credentials;
pub(crate) mod oauth_state;
pub(crate) mod origin;
