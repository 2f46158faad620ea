//! The section `[forward_auth]`.

use super::{TokenAudience, section::Section, tokens::is_audience};

/// How much of a phone number the systems behind a proxy are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneShown {
    /// With its middle hidden.
    Masked,
    /// All of it, in E.164.
    Full,
    /// Nothing.
    None,
}

/// What the systems behind a proxy are told.
#[derive(Clone, Debug)]
pub struct ForwardAuthConfig {
    /// How much of a phone number.
    pub phone: PhoneShown,
    /// For whom a signed token is added, if one is.
    pub token: Option<TokenAudience>,
}

/// Reads the section. An audience that has a section of its own (`[[tokens]]`) is told what that says.
pub(super) fn read(section: &mut Section<'_>, audiences: &[TokenAudience]) -> ForwardAuthConfig {
    let choices = [("masked", PhoneShown::Masked), ("full", PhoneShown::Full), ("none", PhoneShown::None)];
    let phone = section.choice("phone", &choices, PhoneShown::Masked);
    let name = section.text("jwt_audience");
    if name.as_ref().is_some_and(|name| !is_audience(name)) {
        section.problem("jwt_audience", "has to be of 1 to 200 printable characters without blanks");
    }
    let known = |name: String| {
        let known = audiences.iter().find(|audience| audience.audience == name).cloned();
        known.unwrap_or_else(|| TokenAudience::plain(name))
    };
    ForwardAuthConfig { phone, token: name.map(known) }
}
