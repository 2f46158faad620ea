//! Which browser a login's cookies are for.
//!
//! A cookie with a path cannot be `__Host-`, so every other site of the same domain could plant the cookies of a
//! login of its own and have a visitor finish it. Over https they therefore only count beside a cookie that
//! nobody but this site can set.

use actix_web::{HttpRequest, cookie::Cookie};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use saoma_domain::{
    keys::{KeyRing, Purpose, ServerKey},
    login::LoginId,
};
use subtle::ConstantTimeEq as _;

use crate::state::State;

const LENGTH: usize = 32;

/// A browser that is given cookies of a login. Over http, where no cookie can be guarded, it has no name.
#[derive(Clone)]
pub(crate) struct Browser {
    name: Option<String>,
}

impl Browser {
    /// Returns the browser that calls, under a new random name where it has none yet.
    pub(crate) fn calling(state: &State, request: &HttpRequest) -> Self {
        let new = || URL_SAFE_NO_PAD.encode(state.random::<LENGTH>());
        let name = state.cookies.are_protected().then(|| known(state, request).next().unwrap_or_else(new));
        Self { name }
    }

    /// Returns the cookie that has to go with every value that is bound to the browser.
    pub(crate) fn cookie(&self, state: &State) -> Option<Cookie<'static>> {
        self.name.clone().map(|name| state.cookies.browser_id(name))
    }

    /// Returns what a cookie of a login has to say so that it counts in this browser only.
    pub(crate) fn bind(&self, state: &State, id: LoginId, value: String) -> String {
        match &self.name {
            Some(name) => bound(state.config.server.keys.current(), name, &id.to_string(), &value),
            None => value,
        }
    }
}

/// Returns what a cookie of a login says; `None` unless it was made for the browser that calls.
pub(crate) fn unbind(state: &State, request: &HttpRequest, id: &str, value: String) -> Option<String> {
    if !state.cookies.are_protected() {
        return Some(value);
    }
    let keys = &state.config.server.keys;
    known(state, request).find_map(|name| unbound(keys, &name, id, &value).map(str::to_owned))
}

fn known(state: &State, request: &HttpRequest) -> impl Iterator<Item = String> {
    state.cookies.find_browser_ids(request).into_iter().filter(|name| is_name(name))
}

fn is_name(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == LENGTH)
}

fn bound(key: &ServerKey, name: &str, id: &str, value: &str) -> String {
    format!("{value}.{}", proof(key, name, id))
}

fn unbound<'v>(keys: &KeyRing, name: &str, id: &str, value: &'v str) -> Option<&'v str> {
    let (value, theirs) = value.rsplit_once('.')?;
    let fits = |key: &ServerKey| proof(key, name, id).as_bytes().ct_eq(theirs.as_bytes()).into();
    keys.all().any(fits).then_some(value)
}

fn proof(key: &ServerKey, name: &str, id: &str) -> String {
    URL_SAFE_NO_PAD.encode(key.derive(Purpose::BrowserCookie, &[id.as_bytes(), name.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";

    fn key(number: u8) -> ServerKey {
        ServerKey::new([number; 32])
    }

    fn ring(current: u8, retired: &[u8]) -> KeyRing {
        KeyRing::new(key(current), retired.iter().map(|number| key(*number)).collect())
    }

    #[test]
    fn a_bound_value_counts_in_its_own_browser_with_any_key_of_the_ring() {
        for value in ["token", "token.luggage", ""] {
            let bound = bound(&key(1), NAME, "login", value);
            assert_eq!(unbound(&ring(1, &[]), NAME, "login", &bound), Some(value));
            assert_eq!(unbound(&ring(2, &[3, 1]), NAME, "login", &bound), Some(value));
        }
    }

    #[test]
    fn a_bound_value_counts_nowhere_else() {
        let value = bound(&key(1), NAME, "login", "token");
        let keys = ring(1, &[]);
        assert_eq!(unbound(&ring(2, &[3]), NAME, "login", &value), None, "with other keys");
        assert_eq!(unbound(&keys, &NAME.replace('w', "x"), "login", &value), None, "in another browser");
        assert_eq!(unbound(&keys, NAME, "other", &value), None, "for another login");
        assert_eq!(unbound(&keys, NAME, "login", "token"), None, "without the proof");
        assert_eq!(unbound(&keys, NAME, "login", "token."), None, "with an empty proof");
        assert_eq!(unbound(&keys, NAME, "login", &value[..value.len() - 1]), None, "with a part of it");
        assert_eq!(unbound(&keys, NAME, "login", &format!("{value}A")), None, "with more than it");
    }

    #[test]
    fn a_browsers_name_has_32_bytes_as_we_write_them() {
        assert!(is_name(NAME));
        for odd in ["", "x", &NAME[1..], &format!("{NAME}="), &format!("{NAME}AA"), &NAME.replace('w', "!")] {
            assert!(!is_name(odd), "{odd}");
        }
    }
}
