//! `GET /assets/site/…`: the operator's own pictures, styles and texts, under the names of their contents.

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    http::header,
    web::{Path, ServiceConfig},
};

use super::Endpoint;
use crate::{
    config::{Config, SiteFile},
    problem::{ErrorCode, Problem},
};

/// A picture may style itself, and nothing more where it is opened as a page.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";
const FOREVER: &str = "public, max-age=31536000, immutable";
const CHECKED: &str = "no-cache";

/// The operator's own files, by what they are for.
#[derive(Clone, Default)]
pub(crate) struct SiteFiles(BTreeMap<String, SiteFile>);

impl SiteFiles {
    /// The path of every file, with a gap for its name.
    pub(super) const PATTERN: &str = "/assets/site/{file}";

    /// Takes the files out of the configuration.
    pub(crate) fn new(config: &Config) -> Self {
        let page = &config.page;
        let named = [
            ("logo", &page.logo),
            ("logo-dark", &page.logo_dark),
            ("favicon", &page.favicon),
            ("style", &page.css),
        ];
        let named = named.into_iter().map(|(name, file)| (name.to_owned(), file));
        let texts = page.languages.iter().map(|language| (Self::texts(&language.tag), &language.texts));
        let apps = config.wechat.apps.iter();
        let pictures = apps.map(|app| (Self::picture(app.name.as_str()), &app.shown.picture));
        let files = named.chain(texts).chain(pictures);
        Self(files.filter_map(|(name, file)| Some((name, file.clone()?))).collect())
    }

    /// Returns what the texts of a language are called.
    pub(crate) fn texts(tag: &str) -> String {
        format!("texts-{tag}")
    }

    /// Returns what the picture of an app is called.
    pub(crate) fn picture(app: &str) -> String {
        format!("app-{app}")
    }

    /// Returns the path of a file, which names its content.
    pub(crate) fn path(&self, name: &str) -> Option<String> {
        let SiteFile { hash, extension, .. } = self.0.get(name)?;
        Some(format!("/assets/site/{name}-{hash}.{extension}"))
    }

    pub(super) fn register(&self, config: &mut ServiceConfig) {
        if self.0.is_empty() {
            return;
        }
        let files = self.clone();
        let serve = move |asked: Path<String>| {
            let answer = files.answer(&asked);
            async move { answer }
        };
        config.service(Endpoint::at(Self::PATTERN).get(serve).done());
    }

    /// Answers with a file. While a site is updated, a page of another version may ask for its own content: it gets the
    /// present one, to be cached for no time.
    fn answer(&self, asked: &str) -> Result<HttpResponse, Problem> {
        let parts = asked.rsplit_once('.').and_then(|(stem, _)| stem.rsplit_once('-'));
        let found = parts.and_then(|(name, hash)| Some((self.0.get(name)?, hash)));
        let Some((file, hash)) = found else {
            return Err(Problem::new(ErrorCode::NotFound, "there is no such file"));
        };
        Ok(HttpResponse::Ok()
            .content_type(file.kind)
            .insert_header((header::CACHE_CONTROL, if hash == file.hash { FOREVER } else { CHECKED }))
            .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
            // Pages of other sites show the component.
            .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
            .insert_header(("cross-origin-resource-policy", "cross-origin"))
            .body(file.content.clone()))
    }
}
