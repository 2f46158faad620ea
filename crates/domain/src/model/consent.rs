//! Agreeing to the terms of a site.

use crate::{text::short_text, time::Timestamp};

short_text! {
    /// A version of the terms, such as `2026-11`: `[A-Za-z0-9._-]{1,32}`.
    ConsentVersion, 32, |text| text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// The terms of the site as they are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentTerms {
    /// Their version.
    pub version: ConsentVersion,
    /// Whether a person has to agree before an account is made or bound.
    pub required: bool,
}

/// That a person agreed to terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The version of the terms.
    pub version: ConsentVersion,
    /// When the person agreed.
    pub at: Timestamp,
    /// The address from which they did.
    pub ip: String,
}
