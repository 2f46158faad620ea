//! The languages of the page: three ship, any other one is a file.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::{Section, SiteFile, files};

/// What ships.
const SHIPPED: [&str; 3] = ["zh-CN", "zh-TW", "en"];

/// A language that the page may be shown in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLanguage {
    /// Its tag, such as `zh-CN`.
    pub tag: String,
    /// Texts of the operator: all of them for a language that does not ship, else those in place of the shipped ones.
    pub texts: Option<SiteFile>,
}

pub(super) fn read(section: &mut Section<'_>) -> Vec<PageLanguage> {
    let folder = folder(section);
    let mut tags = section.list("languages");
    if tags.is_empty() {
        tags = SHIPPED.map(str::to_owned).to_vec();
    }
    let mut languages: Vec<PageLanguage> = Vec::new();
    for tag in tags {
        if languages.iter().any(|known| known.tag == tag) {
            section.problem("languages", format!("`{tag}` stands there twice"));
        } else if is_tag(&tag) {
            let texts = texts(section, folder.as_deref(), &tag);
            languages.push(PageLanguage { tag, texts });
        } else {
            section.problem("languages", format!("`{tag}` is no language tag such as `zh-CN` or `ja`"));
        }
    }
    languages
}

fn folder(section: &mut Section<'_>) -> Option<PathBuf> {
    let folder = section.text("texts").map(PathBuf::from)?;
    if folder.is_dir() {
        return Some(folder);
    }
    section.problem("texts", format!("`{}` is no folder", folder.display()));
    None
}

fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_language = parts
        .next()
        .is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic()));
    is_language
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn texts(section: &mut Section<'_>, folder: Option<&Path>, tag: &str) -> Option<SiteFile> {
    let ships = SHIPPED.contains(&tag);
    let Some(folder) = folder else {
        if !ships && !section.has_problem_with("texts") {
            let message = format!("`{tag}` does not ship: name in `page.texts` a folder with {tag}.json");
            section.problem("languages", message);
        }
        return None;
    };
    let path = folder.join(format!("{tag}.json"));
    if ships && !path.exists() {
        return None;
    }
    let content =
        std::fs::read(&path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()));
    let checked = content.and_then(|content| {
        let is_flat = |texts: Map<String, Value>| texts.values().all(Value::is_string);
        match serde_json::from_slice(&content).map(is_flat) {
            Ok(true) => Ok(files::texts(content)),
            Ok(false) => Err(format!("`{}`: every value has to be a text", path.display())),
            Err(error) => Err(format!("`{}` is no JSON object of texts: {error}", path.display())),
        }
    });
    checked.map_err(|problem| section.problem("texts", problem)).ok()
}
