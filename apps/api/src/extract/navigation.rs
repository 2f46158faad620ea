//! Whether a person's browser goes to an address, or a script or a program asks for it.

use actix_web::{
    HttpRequest,
    http::{
        Method,
        header::{self, Accept, Header},
    },
};

/// Returns whether a browser goes to the address, by a link or by a redirect. Browsers that do not send
/// `Sec-Fetch-Mode` are known by what they accept.
pub(crate) fn is_browser_navigation(request: &HttpRequest) -> bool {
    let headers = request.headers();
    if headers.contains_key("sec-fetch-mode") {
        return is_marked_navigation(request);
    }
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepts.contains("text/html") && !headers.contains_key(header::AUTHORIZATION)
}

/// Returns whether a person goes to the address with a browser that would rather have a page than JSON.
pub(crate) fn prefers_page(request: &HttpRequest) -> bool {
    let ranked = Accept::parse(request).map(|accept| accept.ranked()).unwrap_or_default();
    let place = |kind: &str| ranked.iter().position(|range| range.essence_str().ends_with(kind));
    let prefers_html = place("/html").is_some_and(|html| place("json").is_none_or(|json| html < json));
    matches!(*request.method(), Method::GET | Method::HEAD) && prefers_html && is_browser_navigation(request)
}

/// Returns whether the browser itself says that it goes to the address (`Sec-Fetch-Mode: navigate`).
pub(crate) fn is_marked_navigation(request: &HttpRequest) -> bool {
    request.headers().get("sec-fetch-mode").is_some_and(|mode| mode == "navigate")
}
