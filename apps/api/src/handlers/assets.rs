//! The login page and the component `<saoma-login>` that it is made of, all of it in the binary.

use std::sync::{Arc, OnceLock};

use actix_web::{
    HttpRequest, HttpResponse, Resource,
    http::header,
    web::{Data, Path, ServiceConfig},
};

use super::Endpoint;
use crate::{
    config::{AppKind, Config},
    state::State,
};

/// The page may load its own files, and draw the QR code as a `data:` picture; nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

const PAGE: &str = include_str!("../../web/login.html");
const COMPONENT: &str = include_str!("../../web/saoma.js");
const COMPONENT_TYPES: &str = include_str!("../../web/saoma.d.ts");
const PAGE_STYLE: &str = include_str!("../../web/login.css");
const PAGE_SCRIPT: &str = include_str!("../../web/login.js");
const ICON: &str = include_str!("../../web/favicon.svg");

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";

/// Asked for each time, but only sent again when it has changed.
const CHECKED: &str = "no-cache";
/// Other sites may load an older component for some minutes after an update.
const SHORT: &str = "public, max-age=300";
/// For what its address names by content.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// Something to be served, with the tag that its content gives it.
struct File {
    kind: &'static str,
    text: String,
    tag: String,
    cache: &'static str,
    /// Whether pages of any site may load it.
    for_all_sites: bool,
}

impl File {
    fn own(kind: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        let tag = format!("\"{}\"", hash(&text));
        Self { kind, text, tag, cache: CHECKED, for_all_sites: false }
    }

    fn shared(kind: &'static str, text: &str, cache: &'static str) -> Self {
        Self { cache, for_all_sites: true, ..Self::own(kind, text) }
    }

    /// Sends the file, or the word that the browser's copy is still good.
    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let known =
            request.headers().get(header::IF_NONE_MATCH).is_some_and(|given| given == self.tag.as_str());
        let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer
            .insert_header((header::ETAG, self.tag.as_str()))
            .insert_header((header::CACHE_CONTROL, self.cache))
            .insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
        if self.for_all_sites {
            answer
                .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
                .insert_header(("cross-origin-resource-policy", "cross-origin"));
        }
        if known { answer.finish() } else { answer.content_type(self.kind).body(self.text.clone()) }
    }
}

pub(super) fn register(config: &mut ServiceConfig, page_at_root: bool) {
    config
        .service(served("/assets/login.css", File::own(STYLE, PAGE_STYLE)))
        .service(served("/assets/login.js", File::own(SCRIPT, PAGE_SCRIPT)))
        .service(served("/assets/favicon.svg", File::own("image/svg+xml", ICON)))
        .service(served("/saoma.js", File::shared(SCRIPT, COMPONENT, SHORT)))
        .service(served("/saoma.d.ts", File::shared(PLAIN, COMPONENT_TYPES, SHORT)))
        .service(component_by_content())
        .service(page("/login"))
        .service(if page_at_root { page("/") } else { Endpoint::at("/").get(to_login).done() });
}

async fn to_login() -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, "/login")).finish()
}

fn served(path: &str, file: File) -> Resource {
    let file = Arc::new(file);
    let serve = move |request: HttpRequest| {
        let answer = file.answer(&request);
        async move { answer }
    };
    Endpoint::at(path).get(serve).done()
}

/// Serves the component under the name that the page knows it by. While a site is updated, a page of the other
/// version may ask for its own: it gets the component that is here, to be forgotten soon.
fn component_by_content() -> Resource {
    let present = hash(COMPONENT);
    let files = [FOREVER, CHECKED].map(|cache| Arc::new(File::shared(SCRIPT, COMPONENT, cache)));
    let serve = move |request: HttpRequest, asked: Path<String>| {
        let [forever, checked] = &files;
        let answer = if *asked == present { forever } else { checked }.answer(&request);
        async move { answer }
    };
    Endpoint::at("/saoma-{hash:[0-9a-f]{16}}.js").get(serve).done()
}

/// Serves the login page, which is written when it is asked for first.
fn page(path: &str) -> Resource {
    let file = Arc::new(OnceLock::new());
    let serve = move |request: HttpRequest, state: Data<State>| {
        let file = file
            .get_or_init(|| File::own(HTML, page_text(&channels(&state.config), &return_to(&state.config))));
        let answer = file.answer(&request);
        async move { answer }
    };
    Endpoint::at(path).get(serve).done()
}

fn page_text(channels: &str, return_to: &str) -> String {
    PAGE.replace("{saoma.js}", &format!("/saoma-{}.js", hash(COMPONENT)))
        .replace("{channels}", channels)
        .replace("{return_to_allowed}", return_to)
}

/// Returns the ways in that the page can offer. Pages inside WeChat use the official account.
fn channels(config: &Config) -> String {
    let has = |kind| config.wechat.apps.iter().any(|app| app.kind == kind);
    let mut channels = Vec::new();
    if has(AppKind::OfficialAccount) {
        channels.extend(["official_account", "in_wechat"]);
    }
    if has(AppKind::Website) {
        channels.push("website");
    }
    channels.join(" ")
}

/// Returns where else the page may lead after a login, as an attribute holds it.
fn return_to(config: &Config) -> String {
    let allowed: Vec<_> = config.login.return_to_allowed.iter().map(url::Url::as_str).collect();
    allowed.join(" ").replace('&', "&amp;").replace('"', "&quot;")
}

fn hash(text: &str) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    hash.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the product promises, before compression.
    const COMPONENT_LIMIT: usize = 20_000;
    const PAGE_LIMIT: usize = 40 * 1024;

    #[test]
    fn the_page_and_its_component_are_light() {
        let page = page_text("official_account in_wechat website", "");
        let files = [
            ("/login", page.as_str()),
            ("login.css", PAGE_STYLE),
            ("login.js", PAGE_SCRIPT),
            ("favicon.svg", ICON),
            ("saoma.js", COMPONENT),
        ];
        let weight = files.iter().map(|(_, text)| text.len()).sum::<usize>();
        for (name, text) in files {
            println!("{:>6} bytes  {name}", text.len());
        }
        println!("{weight:>6} bytes  in all");
        assert!(COMPONENT.len() <= COMPONENT_LIMIT, "saoma.js has {} bytes", COMPONENT.len());
        assert!(weight <= PAGE_LIMIT, "/login has {weight} bytes");
    }

    #[test]
    fn the_page_names_every_file_once_and_leaves_no_gap() {
        let page = page_text("official_account", "https://shop.example.com/");
        let component = format!("/saoma-{}.js", hash(COMPONENT));
        assert_eq!(page.matches(&component).count(), 2, "it is loaded early, and run");
        assert!(page.contains("channels=\"official_account\""));
        assert!(page.contains("data-return-to=\"https://shop.example.com/\""));
        assert!(!page.contains('{'), "{page}");
    }

    #[test]
    fn the_component_needs_nothing_but_itself() {
        for word in ["import ", "import(", "require(", "innerHTML", "eval("] {
            assert!(!COMPONENT.contains(word), "{word}");
        }
    }
}
