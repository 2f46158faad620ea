//! The section `[session]`.

use saoma_domain::session::SessionPolicy;

use super::section::Section;

const DAY: u32 = 24 * 3600;

pub(super) fn read(section: &mut Section<'_>) -> SessionPolicy {
    let idle = section.seconds("idle_s", 1800, 1..=365 * DAY);
    let absolute = section.seconds("absolute_s", 30 * DAY, 1..=365 * DAY);
    if absolute < idle {
        section.problem("absolute_s", "has to be at least `idle_s`");
    }
    SessionPolicy { idle, absolute }
}

/// Reads the domain of the session's cookie. Browsers drop a cookie for a domain that the site is not in.
pub(super) fn read_cookie_domain(section: &mut Section<'_>, host: &str) -> String {
    let domain = section.text("cookie_domain").unwrap_or_default();
    let covers = host == domain || host.ends_with(&format!(".{domain}"));
    if !domain.is_empty() && !covers {
        section
            .problem("cookie_domain", format!("`{domain}` is not a domain that `server.public_url` is in"));
    }
    domain
}
