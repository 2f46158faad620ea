//! Where the login page is.

use url::form_urlencoded::Serializer;

/// Returns the address of the login page (a path or a URL) with more parameters in its query.
pub(crate) fn address(page_url: &str, parameters: &[(&str, &str)]) -> String {
    let (page, fragment) = match page_url.split_once('#') {
        Some((page, fragment)) => (page, Some(fragment)),
        None => (page_url, None),
    };
    let mut address = page.to_owned();
    if !parameters.is_empty() {
        address.push(if page.contains('?') { '&' } else { '?' });
        address.push_str(&Serializer::new(String::new()).extend_pairs(parameters).finish());
    }
    if let Some(fragment) = fragment {
        address.push('#');
        address.push_str(fragment);
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_join_those_that_are_there() {
        let with = |page| address(page, &[("error", "denied"), ("return_to", "/a?b=c&d")]);
        let added = "error=denied&return_to=%2Fa%3Fb%3Dc%26d";
        assert_eq!(with("/login"), format!("/login?{added}"));
        assert_eq!(with("/login?lang=en"), format!("/login?lang=en&{added}"));
        assert_eq!(with("https://a.example/in#top"), format!("https://a.example/in?{added}#top"));
        assert_eq!(address("/login", &[]), "/login");
    }
}
