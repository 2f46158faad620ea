//! The files of the phone page; they are part of the program, and nothing comes from another host.

use actix_web::middleware::DefaultHeaders;
use actix_web::{HttpResponse, web};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";
const JS: &str = "text/javascript; charset=utf-8";

/// Path, type and content of the files under `/phone/`.
macro_rules! files {
    ($($kind:ident: $($file:literal)+;)+) => {
        &[$($((concat!("/phone/", $file), $kind, include_str!(concat!("../web/", $file)))),+),+]
    };
}

const FILES: &[(&str, &str, &str)] = files! {
    SVG: "icon.svg";
    CSS: "base.css" "desk.css" "phone.css" "screens.css" "connect.css";
    JS: "main.js" "connect.js" "api.js" "dom.js" "words.js" "words-en.js" "words-zh.js" "store.js" "desk.js"
        "log.js" "person.js" "phone.js" "profile.js" "notify.js" "chat.js" "scan.js" "sheet.js" "sms.js" "mini.js";
};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

/// Returns the policy of a page that any site may put into a frame.
pub(crate) fn framed_policy() -> String {
    POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
}

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
    let index = ("/", HTML, include_str!("../web/index.html"));
    for (path, content_type, content) in FILES.iter().chain([&index]).copied() {
        let file = move || async move { HttpResponse::Ok().content_type(content_type).body(content) };
        config.route(path, web::get().to(file));
    }
}
