//! The cookies that keep what OpenID clients ask for while the person logs in.

use std::time::Duration;

use actix_web::{HttpRequest, cookie::Cookie};

use super::{
    cookie_header::{find, pairs},
    cookies::Cookies,
};

/// Their path.
const AUTHORIZE_PATH: &str = "/oauth2/authorize";

/// How long a person may take to log in for a client.
const AUTHORIZATION_AGE: Duration = Duration::from_secs(30 * 60);

impl Cookies {
    /// Returns the cookie that keeps what an OpenID client asks for while the person logs in.
    pub(crate) fn authorization(&self, id: &str, value: String) -> Cookie<'static> {
        let path = self.mount.path(AUTHORIZE_PATH);
        self.made(format!("{}{id}", self.authorization_prefix()), value, path, AUTHORIZATION_AGE)
    }

    /// Returns what an OpenID client asks for, as the browser has kept it.
    pub(crate) fn find_authorization<'r>(&self, request: &'r HttpRequest, id: &str) -> Option<&'r str> {
        find(request, &format!("{}{id}", self.authorization_prefix()))
    }

    /// Returns the removals of what OpenID clients asked for, all but the last one: a browser keeps two at the most.
    pub(crate) fn old_authorizations(&self, request: &HttpRequest) -> Vec<Cookie<'static>> {
        let named = pairs(request).filter_map(|pair| {
            let (name, _) = std::str::from_utf8(pair).ok()?.split_once('=')?;
            let id = name.strip_prefix(self.authorization_prefix())?;
            id.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(id)
        });
        let mut ids: Vec<&str> = named.collect();
        ids.sort_unstable();
        ids.pop();
        let removal = |id: &&str| {
            let mut cookie = self.authorization(id, String::new());
            cookie.make_removal();
            cookie
        };
        ids.iter().map(removal).collect()
    }

    /// Returns whether a request has the session's cookie, good or not.
    pub(crate) fn has_session(&self, request: &HttpRequest) -> bool {
        self.all_sessions(request).next().is_some()
    }

    /// Returns what their names begin with.
    fn authorization_prefix(&self) -> &'static str {
        if self.are_protected() { "__Secure-saoma_authorize_" } else { "saoma_authorize_" }
    }
}
