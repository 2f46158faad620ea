//! The login page and its files, all of them in the binary.

use actix_web::{HttpRequest, HttpResponse, Resource, http::header, web::ServiceConfig};

use super::Endpoint;

/// The page may load its own files, and draw the QR code as a `data:` picture; nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

const PAGE: Asset = Asset { kind: "text/html; charset=utf-8", text: include_str!("../../web/login.html") };

#[derive(Clone, Copy)]
struct Asset {
    kind: &'static str,
    text: &'static str,
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

const FILES: [(&str, Asset); 7] = [
    (
        "/assets/login.css",
        Asset { kind: "text/css; charset=utf-8", text: include_str!("../../web/login.css") },
    ),
    ("/assets/login.js", Asset { kind: SCRIPT, text: include_str!("../../web/login.js") }),
    ("/assets/api.js", Asset { kind: SCRIPT, text: include_str!("../../web/api.js") }),
    ("/assets/phone.js", Asset { kind: SCRIPT, text: include_str!("../../web/phone.js") }),
    ("/assets/texts.js", Asset { kind: SCRIPT, text: include_str!("../../web/texts.js") }),
    ("/assets/views.js", Asset { kind: SCRIPT, text: include_str!("../../web/views.js") }),
    ("/assets/favicon.svg", Asset { kind: "image/svg+xml", text: include_str!("../../web/favicon.svg") }),
];

pub(super) fn register(config: &mut ServiceConfig, page_at_root: bool) {
    for (path, asset) in FILES {
        config.service(served(path, asset));
    }
    config.service(served("/login", PAGE));
    let root = if page_at_root { served("/", PAGE) } else { Endpoint::at("/").get(to_login).done() };
    config.service(root);
}

async fn to_login() -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, "/login")).finish()
}

fn served(path: &str, asset: Asset) -> Resource {
    let tag = tag(asset.text);
    let serve = move |request: HttpRequest| {
        let answer = serve(&request, asset, &tag);
        async move { answer }
    };
    Endpoint::at(path).get(serve).done()
}

/// Sends a file, or the word that the browser's copy is still good.
fn serve(request: &HttpRequest, asset: Asset, tag: &str) -> HttpResponse {
    let known = request.headers().get(header::IF_NONE_MATCH).is_some_and(|given| given == tag);
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
    if known { answer.finish() } else { answer.content_type(asset.kind).body(asset.text) }
}

fn tag(text: &str) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let hex: String = hash.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}
