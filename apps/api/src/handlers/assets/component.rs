//! The component `<saoma-login>`: ES modules in a folder that is named by their content, so that they name each other by
//! relative paths and browsers keep them for ever.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use actix_web::{HttpRequest, HttpResponse, Resource, ResponseError, web::Path};

use super::{
    SCRIPT,
    asset::{Asset, content_hash},
};
use crate::{
    handlers::Endpoint,
    problem::{ErrorCode, Problem},
};

macro_rules! modules {
    ($($name:literal),* $(,)?) => { [$(($name, include_str!(concat!("../../../web/saoma/", $name)))),*] };
}

/// What the login page runs at once, by the names in their folder.
pub(super) const LOGIN: [(&str, &str); 17] = modules![
    "saoma.js",
    "element.js",
    "flow.js",
    "screen.js",
    "settings.js",
    "client.js",
    "waiting.js",
    "memory.js",
    "surroundings.js",
    "dom.js",
    "styles.js",
    "texts.js",
    "consent.js",
    "views/scan.js",
    "views/quick.js",
    "views/ends.js",
    "views/ways.js",
];

/// The texts, of which a page loads those of its language.
pub(super) const TEXTS: [(&str, &str); 3] = modules!["texts/zh-CN.js", "texts/zh-TW.js", "texts/en.js"];

/// The form for the phone number, which is loaded when it is needed.
pub(super) const FORM: [(&str, &str); 5] =
    modules!["phone.js", "check.js", "countries.js", "views/number.js", "views/country.js"];

/// What the account page runs besides the modules of the login page.
pub(super) const ACCOUNT: [(&str, &str); 5] =
    modules!["user.js", "user-element.js", "account.js", "styles-account.js", "views/account.js"];

/// The texts of the account page.
pub(super) const ACCOUNT_TEXTS: [(&str, &str); 3] =
    modules!["texts/account/zh-CN.js", "texts/account/zh-TW.js", "texts/account/en.js"];

/// What few pages say.
const RARE_TEXTS: [(&str, &str); 3] =
    modules!["texts/rare/zh-CN.js", "texts/rare/zh-TW.js", "texts/rare/en.js"];

/// What only some sites need, or only when something is wrong.
const RARE: [(&str, &str); 9] = modules![
    "hints.js",
    "merging.js",
    "captcha.js",
    "regions.js",
    "styles-frames.js",
    "texts-rare.js",
    "views/message.js",
    "views/panel.js",
    "views/phone-browser.js"
];

/// The name of the modules' folder.
pub(super) fn folder() -> String {
    let all: String = sources().map(|(_, source)| lean(source)).collect();
    format!("/saoma-{}", content_hash(&all))
}

/// Returns all modules with their sources.
pub(super) fn sources() -> impl Iterator<Item = (&'static str, &'static str)> {
    let login = LOGIN.into_iter().chain(TEXTS).chain(FORM);
    login.chain(ACCOUNT).chain(ACCOUNT_TEXTS).chain(RARE).chain(RARE_TEXTS)
}

/// Returns a module without what only its readers need: comments that fill their lines, and indentation.
pub(super) fn lean(source: &str) -> String {
    let mut is_comment = false;
    let mut lines = String::with_capacity(source.len());
    for line in source.lines().map(str::trim) {
        is_comment |= line.starts_with("/**");
        if !is_comment && !line.is_empty() && !line.starts_with("//") {
            lines.push_str(line);
            lines.push('\n');
        }
        is_comment &= !line.ends_with("*/");
    }
    lines
}

/// Returns what pages of other sites load by a name that stays: one more step that asks for all modules at once.
pub(super) fn entry() -> String {
    entry_to("saoma.js", &[&LOGIN])
}

/// Returns the same for the account of who is logged in.
pub(super) fn entry_of_user() -> String {
    entry_to("user.js", &[&LOGIN, &FORM, &ACCOUNT])
}

fn entry_to(main: &str, modules: &[&[(&str, &str)]]) -> String {
    let folder = folder();
    let mut script = String::new();
    for (name, _) in modules.iter().copied().flatten() {
        // Writing into a text cannot fail.
        let _ = writeln!(script, "import '.{folder}/{name}';");
    }
    let _ = writeln!(script, "export * from '.{folder}/{main}';");
    script
}

/// The modules, each to be kept for ever, and to be asked for again each time.
pub(super) struct Component {
    folder: String,
    files: BTreeMap<&'static str, [Arc<Asset>; 2]>,
}

impl Component {
    pub(super) fn new() -> Self {
        let cached = |source: &str| {
            [Asset::FOREVER, Asset::CHECKED].map(|cache| Arc::new(Asset::shared(SCRIPT, lean(source), cache)))
        };
        let files = sources().map(|(name, source)| (name, cached(source))).collect();
        Self { folder: folder(), files }
    }

    /// Serves the modules. While a site is updated, a page of another version may ask for its own: it gets the present one,
    /// to be cached for no time.
    pub(super) fn resource(self: &Arc<Self>) -> Resource {
        let component = Arc::clone(self);
        let serve = move |request: HttpRequest, asked: Path<(String, String)>| {
            let (hash, name) = asked.into_inner();
            let answer = component.answer(&request, &hash, &name);
            async move { answer }
        };
        Endpoint::at("/saoma-{hash:[0-9a-f]{16}}/{name:.+}").get(serve).done()
    }

    fn answer(&self, request: &HttpRequest, hash: &str, name: &str) -> HttpResponse {
        let Some([forever, checked]) = self.files.get(name) else {
            return Problem::new(ErrorCode::NotFound, "the component has no such module").error_response();
        };
        let is_present = self.folder.strip_prefix("/saoma-") == Some(hash);
        if is_present { forever } else { checked }.answer(request)
    }
}
