//! Our cookies: their names, paths and lifetimes.

use std::{borrow::Cow, time::Duration};

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time},
};
use saoma_domain::login::LoginId;

use super::cookie_header::{find, find_in, pairs, values};
use crate::config::{Config, Mount};

/// The path of the cookies that carry OAuth's state.
const OAUTH_PATH: &str = "/v1/oauth";

/// What the name of a cookie with a browser's id begins with; the first characters of the id follow. Set over https
/// only.
const BROWSER_PREFIX: &str = "__Host-saoma_browser_";

/// How many characters of the id stand in the cookie's name.
const BROWSER_TAG: usize = 8;

/// How many ids of one browser are read.
const MAX_BROWSER_IDS: usize = 8;

/// Makes and finds our cookies. Over https their names have a prefix that browsers protect.
#[derive(Clone, Debug)]
pub(crate) struct Cookies {
    https: bool,
    pub(super) mount: Mount,
    domain: String,
    login_name: &'static str,
    session_name: &'static str,
    oauth_prefix: &'static str,
    login_age: Duration,
    oauth_age: Duration,
    session_age: Duration,
    browser_age: Duration,
}

impl Cookies {
    /// Reads names and lifetimes from the configuration.
    pub(crate) fn new(config: &Config) -> Self {
        let https = config.server.is_https();
        // `__Host-` forbids a domain.
        let session_name = match (https, config.cookie_domain.is_empty()) {
            (false, _) => "saoma_session",
            (true, true) => "__Host-saoma_session",
            (true, false) => "__Secure-saoma_session",
        };
        let login_age = config.login.qr_ttl.max(config.login.oauth_ttl)
            + config.login.bind_ttl * 2
            + config.login.handover;
        Self {
            https,
            mount: config.mount.clone(),
            domain: config.cookie_domain.clone(),
            login_name: if https { "__Secure-saoma_login" } else { "saoma_login" },
            session_name,
            oauth_prefix: if https { "__Secure-saoma_oauth_" } else { "saoma_oauth_" },
            login_age,
            oauth_age: config.login.oauth_ttl + config.login.bind_ttl,
            session_age: config.session.absolute,
            browser_age: config.session.absolute.max(login_age),
        }
    }

    /// Returns whether browsers protect the names of our cookies.
    pub(crate) fn are_protected(&self) -> bool {
        self.https
    }

    /// Returns the cookie with a browser's id. It is set again with every login, so that it outlives them all.
    ///
    /// Each id is a cookie of its own: two tabs that begin at once may get one each, and keep both.
    pub(crate) fn browser_id(&self, id: String) -> Cookie<'static> {
        let tag = id.get(..BROWSER_TAG).unwrap_or_default();
        self.made(format!("{BROWSER_PREFIX}{tag}"), id, "/".to_owned(), self.browser_age)
    }

    /// Returns the cookie with a login's poll token. It is sent with this login's calls only, so that two tabs do not
    /// disturb each other.
    pub(crate) fn login(&self, id: LoginId, value: String) -> Cookie<'static> {
        self.made(self.login_name, value, self.mount.path(&format!("/v1/logins/{id}")), self.login_age)
    }

    /// Returns the cookie that carries OAuth's state. It is named by its login, so that two tabs do not mix.
    pub(crate) fn oauth_state(&self, id: LoginId, value: String) -> Cookie<'static> {
        self.made(format!("{}{id}", self.oauth_prefix), value, self.mount.path(OAUTH_PATH), self.oauth_age)
    }

    /// Returns the removal of the cookie that carries OAuth's state.
    pub(crate) fn remove_oauth_state(&self, id: LoginId) -> Cookie<'static> {
        let mut cookie = self.oauth_state(id, String::new());
        cookie.make_removal();
        cookie
    }

    /// Returns the cookie with a session's token.
    pub(crate) fn session(&self, token: String) -> Cookie<'static> {
        let mut cookie = self.made(self.session_name, token, "/".to_owned(), self.session_age);
        if !self.domain.is_empty() {
            cookie.set_domain(self.domain.clone());
        }
        cookie
    }

    /// Returns the removal of the session's cookie.
    pub(crate) fn remove_session(&self) -> Cookie<'static> {
        let mut cookie = self.session(String::new());
        cookie.make_removal();
        cookie
    }

    pub(super) fn made(
        &self,
        name: impl Into<Cow<'static, str>>,
        value: String,
        path: String,
        age: Duration,
    ) -> Cookie<'static> {
        let age = time::Duration::seconds(i64::try_from(age.as_secs()).unwrap_or(i64::MAX));
        Cookie::build(name, value)
            .path(path)
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.https)
            .max_age(age)
            .finish()
    }

    /// Returns the value of a login's cookie.
    pub(crate) fn find_login<'r>(&self, request: &'r HttpRequest) -> Option<&'r str> {
        find(request, self.login_name)
    }

    /// Returns the ids that this browser was given, most often one.
    pub(crate) fn find_browser_ids<'r>(
        &self,
        request: &'r HttpRequest,
    ) -> impl Iterator<Item = &'r str> + use<'r> {
        let ids = pairs(request).filter_map(|pair| {
            let (tag, id) = std::str::from_utf8(pair).ok()?.strip_prefix(BROWSER_PREFIX)?.split_once('=')?;
            (id.get(..BROWSER_TAG) == Some(tag)).then_some(id)
        });
        ids.take(MAX_BROWSER_IDS)
    }

    /// Returns the value of the session's cookie.
    pub(crate) fn find_session<'r>(&self, request: &'r HttpRequest) -> Option<&'r str> {
        find(request, self.session_name)
    }

    /// Returns the session's token in a text that is the cookie's value, or a whole `Cookie` header.
    pub(crate) fn session_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        if text.contains('=') { find_in(text, self.session_name) } else { Some(text.trim()) }
    }

    /// Returns every value that is given for the session's cookie, without quotation marks around it.
    pub(super) fn all_sessions<'r>(&self, request: &'r HttpRequest) -> impl Iterator<Item = &'r [u8]> {
        let unquoted = |value: &'r [u8]| {
            let value = value.trim_ascii();
            value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value)
        };
        values(request, self.session_name).map(unquoted).filter(|value| !value.is_empty())
    }

    /// Returns OAuth's state of a login.
    pub(crate) fn find_oauth_state<'r>(&self, request: &'r HttpRequest, id: &str) -> Option<&'r str> {
        find(request, &format!("{}{id}", self.oauth_prefix))
    }

    /// Returns the logins whose OAuth state this browser keeps, with the bytes of their cookies, the latest last.
    pub(crate) fn oauth_logins(&self, request: &HttpRequest) -> Vec<(LoginId, usize)> {
        let named = pairs(request).filter_map(|pair| {
            let (name, _) = std::str::from_utf8(pair).ok()?.split_once('=')?;
            // The id is only used to remove the cookie, so it need not be one that this service issued.
            Some((LoginId::from_store(name.strip_prefix(self.oauth_prefix)?)?, pair.len()))
        });
        let mut logins: Vec<(LoginId, usize)> = named.collect();
        logins.sort_unstable_by_key(|(id, _)| id.deadline());
        logins
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{http::header, test::TestRequest};

    use super::*;

    #[test]
    fn the_logins_at_wechat_are_found_by_their_names_in_the_order_of_their_deadlines() {
        let (early, late) = ("A".repeat(32), format!("B{}", "A".repeat(31)));
        let cookies = [
            format!("saoma_oauth_{late}=x; saoma_oauth_short=x; other=y"),
            format!("saoma_oauth_{early}=x; saoma_oauth_{early}; xsaoma_oauth_{early}=x; saoma_session=z"),
        ];
        let request = cookies.iter().fold(TestRequest::default(), |request, line| {
            request.append_header((header::COOKIE, line.as_str()))
        });
        let variables = [("SERVER__KEY", "5a".repeat(32).as_str())]
            .map(|(key, value)| (format!("SAOMA__{key}"), value.to_owned()));
        let cookies = Cookies::new(&Config::load(None, variables).unwrap());
        let found = cookies.oauth_logins(&request.to_http_request());
        let found: Vec<_> = found.iter().map(|(id, bytes)| (id.to_string(), *bytes)).collect();
        assert_eq!(found, [(early, 46), (late, 46)]);
    }
}
