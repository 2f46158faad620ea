//! Whether people have to agree to the terms, and to which version of them.

use saoma_domain::consent::{ConsentTerms, ConsentVersion};

use super::Section;

/// Reads the terms; a site that names no version has none to agree to.
pub(super) fn read(section: &mut Section<'_>) -> Option<ConsentTerms> {
    let required = section.choice("consent", &[("off", false), ("required", true)], false);
    let version = version(section);
    if required && version.is_none() && !section.has_problem_with("version") {
        let message = "missing: the version of the terms that people agree to, such as \"2026-11\"; `consent = \"required\"` needs it";
        section.problem("version", message);
    }
    Some(ConsentTerms { version: version?, required })
}

fn version(section: &mut Section<'_>) -> Option<ConsentVersion> {
    let text = section.text("version")?;
    let version = ConsentVersion::parse(text.as_str()).ok();
    if version.is_none() {
        let message =
            format!("`{text}` has to be 1 to 32 characters of A-Z, a-z, 0-9, -, _ and ., such as 2026-11");
        section.problem("version", message);
    }
    version
}
