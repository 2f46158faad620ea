//! Where the login page is.

use url::form_urlencoded::Serializer;

/// The address of the login page: a path of this site, or a URL.
pub(crate) struct LoginPage(String);

impl LoginPage {
    /// Wraps the address that the configuration gives.
    pub(crate) fn new(page_url: String) -> Self {
        Self(page_url)
    }

    /// Returns the address.
    pub(crate) fn address(&self) -> &str {
        &self.0
    }

    /// Returns the address with more parameters in its query.
    pub(crate) fn with(&self, parameters: &[(&str, &str)]) -> String {
        if parameters.is_empty() {
            return self.0.clone();
        }
        let (page, fragment) = match self.0.split_once('#') {
            Some((page, fragment)) => (page, format!("#{fragment}")),
            None => (self.0.as_str(), String::new()),
        };
        let separator = if page.contains('?') { '&' } else { '?' };
        let query = Serializer::new(String::new()).extend_pairs(parameters).finish();
        format!("{page}{separator}{query}{fragment}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_added_to_those_that_are_there() {
        let page = |address: &str| LoginPage::new(address.to_owned());
        let with = |address| page(address).with(&[("error", "denied"), ("return_to", "/a?b=c&d")]);
        let added = "error=denied&return_to=%2Fa%3Fb%3Dc%26d";
        assert_eq!(with("/login"), format!("/login?{added}"));
        assert_eq!(with("/login?lang=en"), format!("/login?lang=en&{added}"));
        assert_eq!(with("https://a.example/in#top"), format!("https://a.example/in?{added}#top"));
        assert_eq!(page("/login").with(&[]), "/login");
    }
}
