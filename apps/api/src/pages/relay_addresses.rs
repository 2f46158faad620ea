//! Where WeChat's codes may be sent on to.

use url::Url;

use super::return_to::{fits_cookie, is_below};
use crate::{
    config::Config,
    problem::{ErrorCode, Problem},
};

/// What this service adds to an address.
const ADDED: [&str; 2] = ["code", "state"];

/// The addresses that codes may be sent on to: those below an entry of `login.relay_to`.
pub(crate) struct RelayAddresses(Vec<Url>);

impl RelayAddresses {
    /// Reads the addresses from the configuration.
    pub(crate) fn new(config: &Config) -> Self {
        Self(config.login.relay_to.clone())
    }

    /// Returns the address, if codes may be sent there.
    ///
    /// One that has a `code` or a `state` of its own is refused: which of the two its reader takes is not known. So is one with a
    /// fragment, which only a script would read.
    pub(crate) fn find(&self, text: &str) -> Option<Url> {
        let url = Url::parse(text).ok().filter(|_| is_below(text, &self.0) && fits_cookie(text))?;
        let is_free = url.query_pairs().all(|(name, _)| !ADDED.contains(&name.as_ref()));
        (is_free && url.fragment().is_none()).then_some(url)
    }

    /// As [`RelayAddresses::find`].
    ///
    /// # Errors
    /// `return_to_refused` where codes may not be sent there.
    pub(crate) fn require(&self, text: &str) -> Result<Url, Problem> {
        let detail = "`redirect_uri` has to be below an entry of `login.relay_to`, at most 640 bytes long, without a fragment \
                      and without a `code` or `state` of its own";
        self.find(text).ok_or_else(|| Problem::new(ErrorCode::ReturnToRefused, detail))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::spellings_of_elsewhere, *};

    fn addresses() -> RelayAddresses {
        RelayAddresses(vec![Url::parse("https://shop.example.test/after").unwrap()])
    }

    #[test]
    fn addresses_below_an_entry_are_fine() {
        for fine in [
            "https://shop.example.test/after",
            "https://shop.example.test/after/wechat",
            "https://shop.example.test/after?shop=7&codes=1",
            "https://SHOP.example.test:443/after/",
        ] {
            assert!(addresses().find(fine).is_some(), "{fine}");
        }
    }

    #[test]
    fn no_spelling_of_elsewhere_is_fine() {
        for spelling in &spellings_of_elsewhere() {
            assert_eq!(addresses().find(spelling), None, "{spelling:?}");
        }
    }

    #[test]
    fn paths_of_this_site_and_what_would_be_read_twice_are_refused() {
        for wrong in [
            "/",
            "/after",
            "https://shop.example.test/afterwards",
            "https://shop.example.test/after/../admin",
            "https://shop.example.test/after/%2e%2e/admin",
            "http://shop.example.test/after",
            "https://shop.example.test:8443/after",
            "https://shop.example.test/after?code=mine",
            "https://shop.example.test/after?%63ode=mine",
            "https://shop.example.test/after?a=b&state=x",
            "https://shop.example.test/after#code=mine",
            "https://shop.example.test/after#",
            "",
        ] {
            assert_eq!(addresses().find(wrong), None, "{wrong}");
        }
        assert_eq!(addresses().find(&format!("https://shop.example.test/after/{}", "a".repeat(640))), None);
        assert_eq!(RelayAddresses(Vec::new()).find("https://shop.example.test/after"), None);
    }
}
