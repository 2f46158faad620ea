//! The files of the phone page; they are part of the program, and nothing comes from another host.

use actix_web::middleware::DefaultHeaders;
use actix_web::{HttpResponse, web};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";
const JS: &str = "text/javascript; charset=utf-8";

/// A file of the page: its path, type and content.
macro_rules! file {
    ($path:literal, $kind:expr, $file:literal) => {
        ($path, $kind, include_str!(concat!("../web/", $file)))
    };
}

const FILES: [(&str, &str, &str); 25] = [
    file!("/", HTML, "index.html"),
    file!("/phone/icon.svg", SVG, "icon.svg"),
    file!("/phone/base.css", CSS, "base.css"),
    file!("/phone/desk.css", CSS, "desk.css"),
    file!("/phone/phone.css", CSS, "phone.css"),
    file!("/phone/screens.css", CSS, "screens.css"),
    file!("/phone/connect.css", CSS, "connect.css"),
    file!("/phone/main.js", JS, "main.js"),
    file!("/phone/connect.js", JS, "connect.js"),
    file!("/phone/api.js", JS, "api.js"),
    file!("/phone/dom.js", JS, "dom.js"),
    file!("/phone/words.js", JS, "words.js"),
    file!("/phone/words-en.js", JS, "words-en.js"),
    file!("/phone/words-zh.js", JS, "words-zh.js"),
    file!("/phone/store.js", JS, "store.js"),
    file!("/phone/desk.js", JS, "desk.js"),
    file!("/phone/log.js", JS, "log.js"),
    file!("/phone/person.js", JS, "person.js"),
    file!("/phone/phone.js", JS, "phone.js"),
    file!("/phone/notify.js", JS, "notify.js"),
    file!("/phone/chat.js", JS, "chat.js"),
    file!("/phone/scan.js", JS, "scan.js"),
    file!("/phone/sheet.js", JS, "sheet.js"),
    file!("/phone/sms.js", JS, "sms.js"),
    file!("/phone/mini.js", JS, "mini.js"),
];

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

/// The headers of every answer, since a browser may get it.
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
