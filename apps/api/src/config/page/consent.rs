//! Whether people have to agree to the terms, and to which version of them.

use std::{fmt, str::FromStr};

use super::Section;

/// Whether people have to agree to the terms before an account is made or bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConsentRule {
    /// They are not asked.
    #[default]
    Off,
    /// They have to agree to the version of the configuration.
    Required,
}

/// A version of the terms, such as `2026-11`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentVersion(String);

/// A text that is no version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("has to be 1 to 32 characters of A-Z, a-z, 0-9, -, _ and ., such as 2026-11")]
pub struct MalformedVersion;

impl ConsentVersion {
    /// Returns it as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ConsentVersion {
    type Err = MalformedVersion;

    fn from_str(text: &str) -> Result<Self, MalformedVersion> {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let is_fine = (1..=32).contains(&text.len()) && text.bytes().all(known);
        if is_fine { Ok(Self(text.to_owned())) } else { Err(MalformedVersion) }
    }
}

impl fmt::Display for ConsentVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub(super) fn read(section: &mut Section<'_>) -> (ConsentRule, Option<ConsentVersion>) {
    let rules = [("off", ConsentRule::Off), ("required", ConsentRule::Required)];
    let rule = section.choice("consent", &rules, ConsentRule::Off);
    let version = version(section);
    if rule == ConsentRule::Required && version.is_none() && !section.has_problem_with("version") {
        let message = "missing: the version of the terms that people agree to, such as \"2026-11\"; `consent = \"required\"` needs it";
        section.problem("version", message);
    }
    (rule, version)
}

fn version(section: &mut Section<'_>) -> Option<ConsentVersion> {
    let text = section.text("version")?;
    let version = text.parse();
    if let Err(error) = version {
        section.problem("version", format!("`{text}` {error}"));
        return None;
    }
    version.ok()
}
