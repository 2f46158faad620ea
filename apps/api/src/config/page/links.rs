//! Where the page leads to.

use url::Url;

use super::Section;

/// The most entries that a foot has room for.
const MOST_ENTRIES: usize = 10;
const LONGEST_TEXT: usize = 80;

/// An entry of the page's foot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FooterEntry {
    /// What it says.
    pub text: String,
    /// What it leads to, if to anything.
    pub url: Option<String>,
}

/// Returns the address of a page.
pub(super) fn page(section: &mut Section<'_>, key: &str) -> Option<String> {
    link(
        section,
        key,
        &["http", "https"],
        "has to be an http or https URL, or a path of this site such as /terms",
    )
}

/// Returns the address of help, which may also be a mail or a phone call.
pub(super) fn help(section: &mut Section<'_>, key: &str) -> Option<String> {
    let expected = "has to be an http, https, mailto or tel URL, or a path of this site such as /help";
    link(section, key, &["http", "https", "mailto", "tel"], expected)
}

pub(super) fn footer(section: &mut Section<'_>) -> Vec<FooterEntry> {
    let tables = section.tables("footer");
    if tables.len() > MOST_ENTRIES {
        section.problem("footer", format!("has {} entries; {MOST_ENTRIES} are the most", tables.len()));
    }
    let entries = tables.into_iter().enumerate();
    entries.filter_map(|(at, table)| section.inside(&format!("footer[{at}]"), table, entry)).collect()
}

fn entry(section: &mut Section<'_>) -> Option<FooterEntry> {
    let (text, url) = (section.text("text"), page(section, "url"));
    let Some(text) = text else {
        section.problem("text", "missing: what the entry says, such as 沪ICP备00000000号");
        return None;
    };
    if text.chars().count() > LONGEST_TEXT || text.chars().any(char::is_control) {
        section.problem("text", format!("has to be 1 to {LONGEST_TEXT} characters in one line"));
    }
    Some(FooterEntry { text, url })
}

fn link(section: &mut Section<'_>, key: &str, schemes: &[&str], expected: &str) -> Option<String> {
    let text = section.text(key)?;
    let is_path = text.starts_with('/') && !text.starts_with("//") && !text.contains(['\\', ' ']);
    let is_url = Url::parse(&text)
        .is_ok_and(|url| schemes.contains(&url.scheme()) && (url.has_host() || url.cannot_be_a_base()));
    if is_path || is_url {
        return Some(text);
    }
    section.problem(key, expected);
    None
}
