//! The section `[forward_auth]`.

use super::section::Section;

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

pub(super) fn read(section: &mut Section<'_>) -> PhoneShown {
    let choices = [("masked", PhoneShown::Masked), ("full", PhoneShown::Full), ("none", PhoneShown::None)];
    section.choice("phone", &choices, PhoneShown::Masked)
}
