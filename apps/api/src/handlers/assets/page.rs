//! The login page, in each of its languages.

use std::{fmt::Write as _, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse, Resource,
    http::header::{ACCEPT_LANGUAGE, HeaderValue, VARY},
};

use super::{HTML, asset::Asset, component, languages::fitting};
use crate::handlers::{PageInfo, site_files::SiteFiles};
use crate::{
    config::{Config, Mount},
    handlers::Endpoint,
};

const PAGE: &str = include_str!("../../../web/login.html");

/// The page in each language.
pub(super) struct LoginPage(Vec<(String, Asset)>);

impl LoginPage {
    pub(super) fn new(config: &Config, info: &PageInfo) -> Self {
        let around =
            Around { return_to: &return_to_allowed(config), info: &info.inline(), files: &info.files };
        let tags = config.page.languages.iter().map(|language| language.tag.clone());
        let page = |tag: String| {
            let text = page(&config.mount, &tag, &around);
            (tag, Asset::own(HTML, text))
        };
        Self(tags.map(page).collect())
    }

    /// Serves the page in the language that `lang` of the address names, or that the browser asks for.
    pub(super) fn resource(self: &Arc<Self>, path: &str) -> Resource {
        let page = Arc::clone(self);
        let serve = move |request: HttpRequest| {
            let answer = page.answer(&request);
            async move { answer }
        };
        Endpoint::at(path).get(serve).done()
    }

    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let named = request.query_string().split('&').find_map(|pair| pair.strip_prefix("lang="));
        let asked = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let offered: Vec<&str> = self.0.iter().map(|(tag, _)| tag.as_str()).collect();
        let tag = fitting(named.or(asked).unwrap_or_default(), &offered);
        let found = self.0.iter().find(|(each, _)| each == tag).or(self.0.first());
        let mut answer =
            found.map_or_else(|| HttpResponse::NotFound().finish(), |(_, page)| page.answer(request));
        answer.headers_mut().append(VARY, HeaderValue::from_static("Accept-Language"));
        answer
    }
}

/// What stands in a page besides its texts.
pub(super) struct Around<'a> {
    /// Where a browser may be sent, written for an attribute.
    pub(super) return_to: &'a str,
    /// What the page needs to draw itself, as JSON.
    pub(super) info: &'a str,
    pub(super) files: &'a SiteFiles,
}

/// Returns the login page of a service that is mounted somewhere, in one language.
pub(super) fn page(mount: &Mount, tag: &str, around: &Around<'_>) -> String {
    let folder = mount.path(&component::folder());
    let own = |name: &str| around.files.path(name).map(|path| mount.path(&path));
    let styles = own("style").map(|path| format!("<link rel=\"stylesheet\" href=\"{path}\">\n"));
    let icon = own("favicon").unwrap_or_else(|| mount.path("/assets/favicon.svg"));
    PAGE.replace("{component}", &folder)
        .replace("{preloads}\n", &preloads(&folder, tag))
        .replace("{styles}\n", &styles.unwrap_or_default())
        .replace("{icon}", &icon)
        .replace("\"/assets/", &format!("\"{mount}/assets/"))
        .replace("{lang}", tag)
        .replace("{title}", title(tag))
        .replace("{return_to_allowed}", around.return_to)
        // The last one, for an operator may write anything.
        .replace("{page}", around.info)
}

/// Returns what the page is called before its texts are loaded.
fn title(tag: &str) -> &'static str {
    match tag {
        "zh-CN" => "微信登录",
        "zh-TW" => "微信登入",
        _ => "WeChat login",
    }
}

/// Asks for all modules at once, so that the first code waits for no chain of them.
fn preloads(folder: &str, tag: &str) -> String {
    let texts = component::TEXTS.iter().filter(|(name, _)| *name == format!("texts/{tag}.js"));
    let mut links = String::new();
    for (name, _) in component::LOGIN.iter().chain(texts) {
        // Writing into a text cannot fail.
        let _ = writeln!(links, "<link rel=\"modulepreload\" href=\"{folder}/{name}\">");
    }
    links
}

/// Returns the addresses that the page may lead to after a login besides those of this site, written for an attribute.
fn return_to_allowed(config: &Config) -> String {
    let allowed: Vec<_> = config.login.return_to_allowed.iter().map(url::Url::as_str).collect();
    allowed.join(" ").replace('&', "&amp;").replace('"', "&quot;")
}
