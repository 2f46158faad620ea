//! Where a browser may be sent after a login.

use url::Url;

use super::problem::{Code, Problem};

const MAX_LENGTH: usize = 2048;

/// Refuses an address that is neither a path of this site nor below an allowed URL.
pub(crate) fn check(return_to: &str, public_url: &Url, allowed: &[Url]) -> Result<(), Problem> {
    if is_path_of_this_site(return_to, public_url) || is_below(return_to, allowed) {
        return Ok(());
    }
    let detail = "expected a path of this site such as /path, or an address that the configuration allows";
    Err(Problem::new(Code::ReturnToRefused, detail))
}

/// Browsers read backslashes as slashes and drop control characters, so neither may be there.
fn is_harmless(text: &str) -> bool {
    text.len() <= MAX_LENGTH && !text.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace())
}

fn is_path_of_this_site(text: &str, public_url: &Url) -> bool {
    is_harmless(text)
        && text.starts_with('/')
        && !text.starts_with("//")
        && public_url.join(text).is_ok_and(|url| url.origin() == public_url.origin())
}

fn is_below(text: &str, allowed: &[Url]) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    is_harmless(text)
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
    use super::*;

    fn allows(text: &str) -> bool {
        let site = Url::parse("https://login.example.com").unwrap();
        let allowed = [Url::parse("https://shop.example.com/after").unwrap()];
        check(text, &site, &allowed).is_ok()
    }

    #[test]
    fn paths_of_this_site_and_allowed_addresses_are_fine() {
        for fine in [
            "/",
            "/a/b?c=d#e",
            "/%2F%2Fevil",
            "https://shop.example.com/after",
            "https://shop.example.com/after/cart?x=1",
        ] {
            assert!(allows(fine), "{fine}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for wrong in [
            "",
            "a",
            "//evil.com",
            "/\\evil.com",
            "\\\\evil.com",
            "/\t/evil.com",
            "/\n/evil.com",
            " /a",
            "/a b",
            "http://evil.com",
            "https://evil.com",
            "https:evil.com",
            "https:/evil.com",
            "HTTPS://evil.com",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://shop.example.com",
            "https://shop.example.com/other",
            "https://shop.example.com/afterwards",
            "https://shop.example.com.evil.com/after",
            "https://shop.example.com@evil.com/after",
            "https://evil.com#https://shop.example.com/after",
            "http://shop.example.com/after",
            "https://shop.example.com:444/after",
            "https://user@shop.example.com/after",
            "https://shop.example.com/after/../other",
            "///evil.com",
        ] {
            assert!(!allows(wrong), "{wrong}");
        }
        assert!(!allows(&format!("/{}", "a".repeat(MAX_LENGTH))));
    }
}
