//! The phone page: a few files inside the program, nothing from any other host.

use actix_web::middleware::DefaultHeaders;
use actix_web::{HttpResponse, web};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";
const JS: &str = "text/javascript; charset=utf-8";

/// Path, type and content.
const FILES: [(&str, &str, &str); 15] = [
    ("/", HTML, include_str!("../../web/index.html")),
    ("/phone/icon.svg", SVG, include_str!("../../web/icon.svg")),
    ("/phone/code.svg", SVG, include_str!("../../web/code.svg")),
    ("/phone/phone.css", CSS, include_str!("../../web/phone.css")),
    ("/phone/main.js", JS, include_str!("../../web/main.js")),
    ("/phone/api.js", JS, include_str!("../../web/api.js")),
    ("/phone/dom.js", JS, include_str!("../../web/dom.js")),
    ("/phone/words.js", JS, include_str!("../../web/words.js")),
    ("/phone/codes.js", JS, include_str!("../../web/codes.js")),
    ("/phone/log.js", JS, include_str!("../../web/log.js")),
    ("/phone/messages.js", JS, include_str!("../../web/messages.js")),
    ("/phone/person.js", JS, include_str!("../../web/person.js")),
    ("/phone/mini.js", JS, include_str!("../../web/mini.js")),
    ("/phone/connect.css", CSS, include_str!("../../web/connect.css")),
    ("/phone/connect.js", JS, include_str!("../../web/connect.js")),
];

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Headers of every answer that may meet a browser.
pub(crate) fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("Content-Security-Policy", POLICY))
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("Referrer-Policy", "no-referrer"))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
        .add(("Cache-Control", "no-store"))
}

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    for (path, content_type, content) in FILES {
        let file = move || async move { HttpResponse::Ok().content_type(content_type).body(content) };
        config.route(path, web::get().to(file));
    }
}
