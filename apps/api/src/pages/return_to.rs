//! Where a browser may be sent after a login.

use url::{Position, Url};

use crate::{
    config::Config,
    problem::{ErrorCode, Problem},
};

const MAX_LENGTH: usize = 2048;

/// What makes a cookie of about 1 KB.
const MAX_IN_COOKIE: usize = 640;

/// Where a browser may be sent after a login: to paths of this site, and to addresses below an allowed URL.
pub(crate) struct ReturnAddresses {
    public_url: Url,
    allowed: Vec<Url>,
}

impl ReturnAddresses {
    /// Reads the addresses from the configuration.
    pub(crate) fn new(config: &Config) -> Self {
        Self { public_url: config.server.public_url.clone(), allowed: config.login.return_to_allowed.clone() }
    }

    /// Returns whether a browser may be sent to an address.
    pub(crate) fn allow(&self, return_to: &str) -> bool {
        is_path_of_this_site(return_to, &self.public_url) || is_below(return_to, &self.allowed)
    }

    /// Refuses an address that a browser may not be sent to.
    pub(crate) fn check(&self, return_to: &str) -> Result<(), Problem> {
        if self.allow(return_to) {
            return Ok(());
        }
        let detail =
            "expected a path of this site such as /path, or an address that the configuration allows";
        Err(Problem::new(ErrorCode::ReturnToRefused, detail))
    }

    /// Returns an allowed address in the form that every browser reads alike.
    pub(crate) fn normalized(&self, return_to: &str) -> String {
        match self.public_url.join(return_to) {
            Ok(url) if return_to.starts_with('/') => url[Position::BeforePath..].to_owned(),
            Ok(url) => url.into(),
            Err(_) => "/".to_owned(),
        }
    }
}

/// Refuses an address that is too long for the cookie that a browser takes along to WeChat.
pub(crate) fn check_fits_cookie(return_to: &str) -> Result<(), Problem> {
    if fits_cookie(return_to) {
        return Ok(());
    }
    let detail = format!("where the browser is sent to WeChat, it can have {MAX_IN_COOKIE} bytes");
    Err(Problem::new(ErrorCode::ReturnToRefused, detail))
}

/// Returns whether an address is short enough for the cookie that a browser takes along to WeChat.
pub(crate) fn fits_cookie(return_to: &str) -> bool {
    // It stands there as JSON, which is longer where it has quotes; two are around it.
    serde_json::to_string(return_to).is_ok_and(|json| json.len() <= MAX_IN_COOKIE + 2)
}

/// Browsers read backslashes as slashes and drop control characters, so neither may be there.
fn is_harmless(text: &str) -> bool {
    text.len() <= MAX_LENGTH && !text.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace())
}

fn is_path_of_this_site(text: &str, public_url: &Url) -> bool {
    is_harmless(text)
        && text.starts_with('/')
        && !text.starts_with("//")
        // Once its dots are gone it may begin with two slashes after all.
        && public_url
            .join(text)
            .is_ok_and(|url| url.origin() == public_url.origin() && !url.path().starts_with("//"))
}

/// Returns whether an address is one of these, or below one: origin and whole path segments are compared.
pub(super) fn is_below(text: &str, allowed: &[Url]) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    // `https:/host` is an address to us and a path to a browser.
    let whole = text.get(url.scheme().len()..).is_some_and(|rest| rest.starts_with("://"));
    is_harmless(text)
        && whole
        && url.username().is_empty()
        && url.password().is_none()
        && allowed
            .iter()
            .any(|allowed| url.origin() == allowed.origin() && is_path_below(url.path(), allowed.path()))
}

fn is_path_below(path: &str, allowed: &str) -> bool {
    path.strip_prefix(allowed.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::{super::spellings_of_elsewhere, *};

    fn addresses() -> ReturnAddresses {
        let url = |text| Url::parse(text).unwrap();
        ReturnAddresses {
            public_url: url("https://login.example.test"),
            allowed: vec![url("https://shop.example.test/after")],
        }
    }

    fn allows(text: &str) -> bool {
        addresses().allow(text)
    }

    #[test]
    fn paths_of_this_site_and_allowed_addresses_are_fine() {
        for fine in [
            "/",
            "/a/b?c=d#e",
            "/%2F%2Fevil",
            "/a?next=https://evil.test/",
            "/@evil.test",
            "https://shop.example.test/after",
            "https://shop.example.test/after/",
            "https://shop.example.test/after?x=1",
            "https://shop.example.test/after/cart?x=1",
            "https://SHOP.example.test:443/after/cart",
        ] {
            assert!(allows(fine), "{fine}");
        }
    }

    #[test]
    fn what_browsers_would_encode_is_encoded_and_all_else_stays() {
        let normalized = |text| addresses().normalized(text);
        for same in ["/", "/a/b?c=d#e", "/%2F%2Fevil", "/a//b", "https://shop.example.test/after?x=1"] {
            assert_eq!(normalized(same), same);
        }
        assert_eq!(normalized("/我的?名=\""), "/%E6%88%91%E7%9A%84?%E5%90%8D=%22");
        assert_eq!(normalized("https://shop.example.test/我"), "https://shop.example.test/%E6%88%91");
    }

    #[test]
    fn no_spelling_of_another_address_is_allowed() {
        for spelling in &spellings_of_elsewhere() {
            assert!(!allows(spelling), "{spelling:?}");
        }
    }

    #[test]
    fn a_cookie_has_room_for_640_bytes_with_their_escapes() {
        let path = |text: &str, times: usize| format!("/{}", text.repeat(times));
        for (fits, does_not) in [
            (path("a", 639), path("a", 640)),
            (path("\"", 319), path("\"", 320)),
            (path("我", 213), path("我", 214)),
        ] {
            assert!(fits_cookie(&fits), "{fits}");
            assert!(!fits_cookie(&does_not), "{does_not}");
        }
    }

    #[test]
    fn what_is_too_long_or_no_address_is_refused() {
        for wrong in ["", "a", "?x", "#x", ".", "..", "./a", "login"] {
            assert!(!allows(wrong), "{wrong}");
        }
        assert!(!allows(&format!("/{}", "a".repeat(MAX_LENGTH))));
    }
}
