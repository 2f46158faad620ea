//! Binds the cookies of a login to the browser that they were made for.
//!
//! A cookie with a path cannot be `__Host-`, so another site of the same domain could plant the cookies of a login of
//! its own and have a visitor finish it. Over https they therefore count only beside a `__Host-` cookie, which only
//! this site can set.

use std::sync::Arc;

use actix_web::{HttpRequest, cookie::Cookie};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use saoma_domain::{
    keys::{KeyRing, Purpose, ServerKey},
    login::LoginId,
    ports::{Random, random_bytes},
};
use subtle::ConstantTimeEq as _;

use super::Cookies;

const ID_LENGTH: usize = 32;

/// A browser that gets the cookies of a login.
#[derive(Clone)]
pub(crate) struct Browser {
    /// Its random id; `None` over http, where no cookie can be protected.
    id: Option<String>,
}

/// Binds the cookies of logins to browsers.
pub(crate) struct BrowserBinding {
    pub(crate) cookies: Arc<Cookies>,
    pub(crate) keys: KeyRing,
    pub(crate) random: Arc<dyn Random>,
}

impl BrowserBinding {
    /// Returns the browser that calls, with a new random id where it has none yet.
    pub(crate) fn browser_of(&self, request: &HttpRequest) -> Browser {
        let new = || URL_SAFE_NO_PAD.encode(random_bytes::<ID_LENGTH>(&*self.random));
        let is_protected = self.cookies.are_protected();
        Browser { id: is_protected.then(|| self.ids(request).next().map_or_else(new, str::to_owned)) }
    }

    /// Returns the cookie that has to go with every value that is bound to the browser.
    pub(crate) fn cookie(&self, browser: &Browser) -> Option<Cookie<'static>> {
        browser.id.clone().map(|id| self.cookies.browser_id(id))
    }

    /// Returns the value of a login's cookie that counts in this browser only.
    pub(crate) fn bind(&self, browser: &Browser, login: LoginId, value: String) -> String {
        match &browser.id {
            Some(id) => bound(self.keys.current(), id, &login.to_string(), &value),
            None => value,
        }
    }

    /// Returns what [`BrowserBinding::bind`] was given; `None` unless that was for the browser that calls.
    pub(super) fn unbind<'v>(&self, request: &HttpRequest, login: &str, value: &'v str) -> Option<&'v str> {
        if !self.cookies.are_protected() {
            return Some(value);
        }
        self.ids(request).find_map(|id| unbound(&self.keys, id, login, value))
    }

    fn ids<'r>(&self, request: &'r HttpRequest) -> impl Iterator<Item = &'r str> {
        self.cookies.find_browser_ids(request).filter(|id| is_id(id))
    }
}

fn is_id(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == ID_LENGTH)
}

fn bound(key: &ServerKey, browser: &str, login: &str, value: &str) -> String {
    format!("{value}.{}", proof(key, browser, login))
}

fn unbound<'v>(keys: &KeyRing, browser: &str, login: &str, value: &'v str) -> Option<&'v str> {
    let (value, theirs) = value.rsplit_once('.')?;
    let fits = |key: &ServerKey| proof(key, browser, login).as_bytes().ct_eq(theirs.as_bytes()).into();
    keys.all().any(fits).then_some(value)
}

fn proof(key: &ServerKey, browser: &str, login: &str) -> String {
    URL_SAFE_NO_PAD.encode(key.derive(Purpose::BrowserCookie, &[login.as_bytes(), browser.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";

    fn key(number: u8) -> ServerKey {
        ServerKey::new([number; 32])
    }

    fn ring(current: u8, retired: &[u8]) -> KeyRing {
        KeyRing::new(key(current), retired.iter().map(|number| key(*number)).collect())
    }

    #[test]
    fn a_bound_value_counts_in_its_own_browser_with_any_key_of_the_ring() {
        for value in ["token", "token.state", ""] {
            let bound = bound(&key(1), ID, "login", value);
            assert_eq!(unbound(&ring(1, &[]), ID, "login", &bound), Some(value));
            assert_eq!(unbound(&ring(2, &[3, 1]), ID, "login", &bound), Some(value));
        }
    }

    #[test]
    fn a_bound_value_counts_nowhere_else() {
        let value = bound(&key(1), ID, "login", "token");
        let keys = ring(1, &[]);
        assert_eq!(unbound(&ring(2, &[3]), ID, "login", &value), None, "with other keys");
        assert_eq!(unbound(&keys, &ID.replace('w', "x"), "login", &value), None, "in another browser");
        assert_eq!(unbound(&keys, ID, "other", &value), None, "for another login");
        assert_eq!(unbound(&keys, ID, "login", "token"), None, "without the proof");
        assert_eq!(unbound(&keys, ID, "login", "token."), None, "with an empty proof");
        assert_eq!(unbound(&keys, ID, "login", &value[..value.len() - 1]), None, "with a part of it");
        assert_eq!(unbound(&keys, ID, "login", &format!("{value}A")), None, "with more than it");
    }

    #[test]
    fn a_browsers_id_has_32_bytes_as_we_write_them() {
        assert!(is_id(ID));
        for odd in ["", "x", &ID[1..], &format!("{ID}="), &format!("{ID}AA"), &ID.replace('w', "!")] {
            assert!(!is_id(odd), "{odd}");
        }
    }
}
