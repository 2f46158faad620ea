//! Reads the `Cookie` header of a request.

use actix_web::{HttpRequest, http::header};

/// Returns the cookies of a request as they were sent; those of other applications need not be text.
pub(super) fn pairs(request: &HttpRequest) -> impl Iterator<Item = &[u8]> {
    let lines = request.headers().get_all(header::COOKIE);
    lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';')).map(<[u8]>::trim_ascii)
}

/// Returns a cookie's value. Two cookies of one name count as none, since another site may have planted one.
///
/// Names are compared as they were sent. Browsers protect the prefix of a name as it is spelled, so a name that
/// becomes ours only by decoding was not set by us.
pub(super) fn find<'r>(request: &'r HttpRequest, name: &str) -> Option<&'r str> {
    let mut values = values(request, name);
    match (values.next(), values.next()) {
        (Some(value), None) => std::str::from_utf8(value).ok(),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

/// Returns a cookie's value in the text of a header; two cookies of one name count as none.
pub(super) fn find_in<'t>(header: &'t str, name: &str) -> Option<&'t str> {
    let mut values = header.split(';').filter_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

/// Returns the value of every cookie of a name.
pub(super) fn values<'r, 'n>(
    request: &'r HttpRequest,
    name: &'n str,
) -> impl Iterator<Item = &'r [u8]> + use<'r, 'n> {
    pairs(request).filter_map(move |pair| pair.strip_prefix(name.as_bytes())?.strip_prefix(b"="))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn found(cookies: &[&str]) -> Option<String> {
        let request = cookies.iter().fold(TestRequest::default(), |request, cookies| {
            request.append_header((header::COOKIE, *cookies))
        });
        find(&request.to_http_request(), "__Host-saoma_session").map(str::to_owned)
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        assert_eq!(found(&["a=b; __Host-saoma_session=token; c"]).as_deref(), Some("token"));
        assert_eq!(found(&["a=\u{ff}; __Host-saoma_session=token"]).as_deref(), Some("token"));
    }

    #[test]
    fn a_cookie_is_found_in_the_text_of_a_header() {
        let found = |header| find_in(header, "saoma_session");
        assert_eq!(found("a=b; saoma_session=token ;c"), Some("token"));
        assert_eq!(found("saoma_session=token"), Some("token"));
        for none in ["", "a=b", "xsaoma_session=token", "saoma_session=1; saoma_session=2"] {
            assert_eq!(found(none), None, "{none}");
        }
    }

    #[test]
    fn a_planted_cookie_is_not_ours() {
        assert_eq!(found(&["__%48ost-saoma_session=planted"]), None);
        assert_eq!(found(&["__host-saoma_session=planted"]), None);
        assert_eq!(found(&["__Host-saoma_session=one; __Host-saoma_session=two"]), None);
        assert_eq!(found(&["__Host-saoma_session=one", "__Host-saoma_session=two"]), None);
    }
}
