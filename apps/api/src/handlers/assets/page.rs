//! The login page and the account page, in each of their languages.

use std::{collections::BTreeSet, fmt::Write as _, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse, Resource,
    http::header::{ACCEPT_LANGUAGE, HeaderValue, VARY},
};

use super::{HTML, asset::Asset, attribute, component, languages::fitting};
use crate::handlers::{PageInfo, site_files::SiteFiles};
use crate::{
    config::{CheckConfig, Config, Mount},
    handlers::Endpoint,
};

/// What one page is made of.
pub(super) struct Template {
    html: &'static str,
    /// What it runs, besides its texts.
    modules: &'static [&'static [(&'static str, &'static str)]],
    /// The folders of its texts.
    texts: &'static [&'static str],
    /// What it is called in simplified and traditional Chinese and in English, before its texts are loaded.
    titles: [&'static str; 3],
}

/// `/login`
pub(super) const LOGIN: Template = Template {
    html: include_str!("../../../web/login.html"),
    modules: &[&component::LOGIN],
    texts: &["texts"],
    titles: ["微信登录", "微信登入", "WeChat login"],
};

/// `/account`
pub(super) const ACCOUNT: Template = Template {
    html: include_str!("../../../web/account.html"),
    modules: &[&component::LOGIN, &component::FORM, &component::ACCOUNT],
    texts: &["texts", "texts/account"],
    titles: ["我的账号", "我的帳號", "Your account"],
};

/// A page in each language.
pub(super) struct LocalPage(Vec<(String, Asset)>);

impl LocalPage {
    pub(super) fn new(template: &Template, config: &Config, info: &PageInfo) -> Self {
        let around =
            Around { return_to: &return_to_allowed(config), info: &info.inline(), files: &info.files };
        let tags = config.page.languages.iter().map(|language| language.tag.clone());
        let page = |tag: String| {
            let asset = Asset::own(HTML, page(template, &config.mount, &tag, &around));
            let asset = asset.with_pictures_of(&picture_origins(config));
            let has_captcha = matches!(config.check, CheckConfig::Aliyun { .. });
            (tag, if has_captcha { asset.with_frames() } else { asset })
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

/// Returns a page of a service that is mounted somewhere, in one language.
pub(super) fn page(template: &Template, mount: &Mount, tag: &str, around: &Around<'_>) -> String {
    let folder = mount.path(&component::folder());
    let own = |name: &str| around.files.path(name).map(|path| mount.path(&path));
    let styles = own("style").map(|path| format!("<link rel=\"stylesheet\" href=\"{path}\">\n"));
    let icon = own("favicon").unwrap_or_else(|| mount.path("/assets/favicon.svg"));
    template
        .html
        .replace("{component}", &folder)
        .replace("{preloads}\n", &preloads(template, &folder, tag))
        .replace("{styles}\n", &styles.unwrap_or_default())
        .replace("{icon}", &icon)
        .replace("\"/assets/", &format!("\"{mount}/assets/"))
        .replace("{lang}", tag)
        .replace("{title}", title(template, tag))
        .replace("{return_to_allowed}", around.return_to)
        // The last one, for an operator may write anything.
        .replace("{page}", around.info)
}

/// Returns what the page is called before its texts are loaded.
fn title(template: &Template, tag: &str) -> &'static str {
    let [simplified, traditional, english] = template.titles;
    match tag {
        "zh-CN" => simplified,
        "zh-TW" => traditional,
        _ => english,
    }
}

/// Asks for all modules at once, so that the first code waits for no chain of them.
fn preloads(template: &Template, folder: &str, tag: &str) -> String {
    let texts = template.texts.iter().map(|under| format!("{under}/{tag}.js"));
    let texts = texts.filter(|name| component::sources().any(|(each, _)| each == *name));
    let modules = template.modules.iter().copied().flatten().map(|(name, _)| (*name).to_owned());
    let mut links = String::new();
    for name in modules.chain(texts) {
        // Writing into a text cannot fail.
        let _ = writeln!(links, "<link rel=\"modulepreload\" href=\"{folder}/{name}\">");
    }
    links
}

/// Returns where the pictures of the accounts' own QR codes are that the page shows.
fn picture_origins(config: &Config) -> BTreeSet<String> {
    let codes = config.wechat.apps.iter().filter_map(|app| config.wechat.account_code(app));
    codes.map(|url| url.origin().ascii_serialization()).collect()
}

/// Returns the addresses that the page may lead to after a login besides those of this site, written for an attribute.
fn return_to_allowed(config: &Config) -> String {
    let allowed: Vec<_> = config.login.return_to_allowed.iter().map(url::Url::as_str).collect();
    attribute(&allowed.join(" "))
}
