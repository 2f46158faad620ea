//! The cookies: where they go and what they are called.

use std::{borrow::Cow, time::Duration};

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time},
    http::header,
};
use saoma_domain::login::LoginId;

use crate::config::Config;

/// Where the cookies of logins that went to WeChat are sent back to.
const OAUTH_PATH: &str = "/v1/oauth";

/// How the cookie with the name of the browser begins, only set over https; the name's first characters follow.
const BROWSER_PREFIX: &str = "__Host-saoma_browser_";

/// How many characters these are.
const BROWSER_TAG: usize = 8;

/// How many names of one browser are looked at.
const BROWSER_NAMES: usize = 8;

/// Makes and finds our cookies; browsers guard the prefixes of their names where the site is https.
#[derive(Clone, Debug)]
pub(crate) struct Cookies {
    https: bool,
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

    /// Whether browsers guard the names of our cookies.
    pub(crate) fn are_guarded(&self) -> bool {
        self.https
    }

    /// The name of a browser. It is set anew with every login, and so outlives all of them.
    ///
    /// Each name is a cookie of its own: two tabs that begin at once may be given one each, and keep both.
    pub(crate) fn browser(&self, name: String) -> Cookie<'static> {
        let tag = name.get(..BROWSER_TAG).unwrap_or_default();
        self.made(format!("{BROWSER_PREFIX}{tag}"), name, "/".to_owned(), self.browser_age)
    }

    /// The poll token, for this login's calls only, so that two tabs do not disturb each other.
    pub(crate) fn login(&self, id: LoginId, value: String) -> Cookie<'static> {
        self.made(self.login_name, value, format!("/v1/logins/{id}"), self.login_age)
    }

    /// What WeChat's return has to bring back: named by its login, so that two tabs do not mix.
    pub(crate) fn oauth(&self, id: LoginId, value: String) -> Cookie<'static> {
        self.made(format!("{}{id}", self.oauth_prefix), value, OAUTH_PATH.to_owned(), self.oauth_age)
    }

    /// Clears the cookie of a login that went to WeChat.
    pub(crate) fn no_oauth(&self, id: LoginId) -> Cookie<'static> {
        let mut cookie = self.oauth(id, String::new());
        cookie.make_removal();
        cookie
    }

    pub(crate) fn session(&self, token: String) -> Cookie<'static> {
        let mut cookie = self.made(self.session_name, token, "/".to_owned(), self.session_age);
        if !self.domain.is_empty() {
            cookie.set_domain(self.domain.clone());
        }
        cookie
    }

    pub(crate) fn no_session(&self) -> Cookie<'static> {
        let mut cookie = self.session(String::new());
        cookie.make_removal();
        cookie
    }

    fn made(
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

    pub(crate) fn find_login(&self, request: &HttpRequest) -> Option<String> {
        find(request, self.login_name)
    }

    /// Returns the names that this browser was given, most often one.
    pub(crate) fn find_browsers(&self, request: &HttpRequest) -> Vec<String> {
        let named = pairs(request).filter_map(|pair| {
            let (tag, name) =
                std::str::from_utf8(pair).ok()?.strip_prefix(BROWSER_PREFIX)?.split_once('=')?;
            (name.get(..BROWSER_TAG) == Some(tag)).then(|| name.to_owned())
        });
        named.take(BROWSER_NAMES).collect()
    }

    pub(crate) fn find_session(&self, request: &HttpRequest) -> Option<String> {
        find(request, self.session_name)
    }

    /// Returns what the browser kept for the return of this login.
    pub(crate) fn find_oauth(&self, request: &HttpRequest, id: &str) -> Option<String> {
        find(request, &format!("{}{id}", self.oauth_prefix))
    }

    /// Returns the logins that this browser has sent to WeChat with the bytes of their cookies, the latest last.
    pub(crate) fn oauth_logins(&self, request: &HttpRequest) -> Vec<(LoginId, usize)> {
        let named = pairs(request).filter_map(|pair| {
            let (name, _) = std::str::from_utf8(pair).ok()?.split_once('=')?;
            // Only to clear it, so nobody has to have issued it.
            Some((LoginId::from_store(name.strip_prefix(self.oauth_prefix)?)?, pair.len()))
        });
        let mut logins: Vec<(LoginId, usize)> = named.collect();
        logins.sort_unstable_by_key(|(id, _)| id.deadline());
        logins
    }
}

/// Returns the cookies of a request as they were sent: others may have put into theirs what is no text.
fn pairs(request: &HttpRequest) -> impl Iterator<Item = &[u8]> {
    let lines = request.headers().get_all(header::COOKIE);
    lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';')).map(<[u8]>::trim_ascii)
}

/// Returns a cookie's value; two of one name are none, since somebody may have planted one of them.
///
/// Names are compared as they were sent: browsers guard the prefixes of names as they are spelled, so a name
/// that only becomes ours by decoding was not set by us.
fn find(request: &HttpRequest, name: &str) -> Option<String> {
    let mut values = pairs(request).filter_map(|pair| pair.strip_prefix(name.as_bytes())?.strip_prefix(b"="));
    match (values.next(), values.next()) {
        (Some(value), None) => String::from_utf8(value.to_vec()).ok(),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn found(cookies: &[&str]) -> Option<String> {
        let request = cookies.iter().fold(TestRequest::default(), |request, cookies| {
            request.append_header((header::COOKIE, *cookies))
        });
        find(&request.to_http_request(), "__Host-saoma_session")
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        assert_eq!(found(&["a=b; __Host-saoma_session=token; c"]).as_deref(), Some("token"));
        assert_eq!(found(&["a=\u{ff}; __Host-saoma_session=token"]).as_deref(), Some("token"));
    }

    #[test]
    fn a_planted_cookie_is_not_ours() {
        assert_eq!(found(&["__%48ost-saoma_session=planted"]), None);
        assert_eq!(found(&["__host-saoma_session=planted"]), None);
        assert_eq!(found(&["__Host-saoma_session=one; __Host-saoma_session=two"]), None);
        assert_eq!(found(&["__Host-saoma_session=one", "__Host-saoma_session=two"]), None);
    }

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
        assert_eq!(found, [(early, 53), (late, 53)]);
    }
}
