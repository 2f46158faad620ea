//! Files of the operator that pages show. Each is read once, at the start, and served under the name of its content.

use std::fmt;

use actix_web::web::Bytes;
use ring::digest::{SHA256, digest};
use saoma_domain::text::hex;

use super::Section;

/// A picture over this makes the page slow.
const LARGEST_PICTURE: usize = 256 * 1024;
const LARGEST_TEXT: usize = 64 * 1024;

/// A file that pages show.
#[derive(Clone, PartialEq, Eq)]
pub struct SiteFile {
    /// Its media type.
    pub kind: &'static str,
    /// How its name ends, without the dot.
    pub extension: &'static str,
    /// What is in it.
    pub content: Bytes,
    /// 16 hexadecimal digits that name the content.
    pub hash: String,
}

impl SiteFile {
    fn new((kind, extension): (&'static str, &'static str), content: Vec<u8>) -> Self {
        let hash = hex(digest(&SHA256, &content).as_ref().get(..8).unwrap_or_default());
        Self { kind, extension, content: content.into(), hash }
    }
}

impl fmt::Debug for SiteFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (bytes, hash) = (self.content.len(), &self.hash);
        f.debug_struct("SiteFile")
            .field("kind", &self.kind)
            .field("bytes", &bytes)
            .field("hash", hash)
            .finish()
    }
}

/// Reads a picture, if one is named.
pub(in crate::config) fn picture(section: &mut Section<'_>, key: &str) -> Option<SiteFile> {
    let content = content(section, key, LARGEST_PICTURE)?;
    match picture_kind(&content) {
        Some(kind) => Some(SiteFile::new(kind, content)),
        None => wrong(section, key, "is no picture: SVG, PNG, JPEG and WebP are known"),
    }
}

/// Reads the picture of a browser's tab, if one is named.
pub(super) fn icon(section: &mut Section<'_>, key: &str) -> Option<SiteFile> {
    let content = content(section, key, LARGEST_PICTURE)?;
    let is_icon = content.starts_with(&[0, 0, 1, 0]);
    let kind = if is_icon { Some(("image/x-icon", "ico")) } else { picture_kind(&content) };
    match kind.filter(|(_, extension)| matches!(*extension, "ico" | "svg" | "png")) {
        Some(kind) => Some(SiteFile::new(kind, content)),
        None => wrong(section, key, "is no picture for a tab: SVG, PNG and ICO are known"),
    }
}

/// Reads styles, if a file of them is named.
pub(super) fn style(section: &mut Section<'_>, key: &str) -> Option<SiteFile> {
    let content = content(section, key, LARGEST_TEXT)?;
    if std::str::from_utf8(&content).is_err() {
        return wrong(section, key, "is not written in UTF-8");
    }
    Some(SiteFile::new(("text/css; charset=utf-8", "css"), content))
}

/// Makes a file of texts in JSON, which were read already.
pub(super) fn texts(content: Vec<u8>) -> SiteFile {
    SiteFile::new(("application/json", "json"), content)
}

fn content(section: &mut Section<'_>, key: &str, largest: usize) -> Option<Vec<u8>> {
    let path = section.text(key)?;
    let problem = match std::fs::read(&path) {
        Ok(content) if content.is_empty() => format!("the file `{path}` is empty"),
        Ok(content) if content.len() > largest => {
            format!("the file `{path}` has {} KiB; {} are the most", content.len() / 1024, largest / 1024)
        }
        Ok(content) => return Some(content),
        Err(error) => format!("the file `{path}` cannot be read: {error}"),
    };
    section.problem(key, problem);
    None
}

fn wrong(section: &mut Section<'_>, key: &str, what: &str) -> Option<SiteFile> {
    section.problem(key, format!("the file {what}"));
    None
}

/// Tells pictures by what they begin with, whatever their name says.
fn picture_kind(content: &[u8]) -> Option<(&'static str, &'static str)> {
    match content {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(("image/png", "png")),
        [0xff, 0xd8, 0xff, ..] => Some(("image/jpeg", "jpg")),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(("image/webp", "webp")),
        _ => std::str::from_utf8(content).ok().filter(|text| is_svg(text)).map(|_| ("image/svg+xml", "svg")),
    }
}

fn is_svg(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let begins = ["<svg", "<?xml", "<!--", "<!DOCTYPE svg"].iter().any(|begin| text.starts_with(begin));
    begins && text.contains("<svg")
}
