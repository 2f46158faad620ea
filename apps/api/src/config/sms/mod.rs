//! The section `[sms]`.

mod providers;

use std::time::Duration;

use saoma_domain::sms::{CallingCode, SmsCountries};
use saoma_sms::SmsProvider;

use super::section::Section;

/// How SMS codes are sent.
#[derive(Clone, Debug)]
pub struct SmsConfig {
    /// Who sends them: each is tried where those before it have failed.
    pub providers: Vec<SmsProvider>,
    /// How long a code is good for.
    pub code_ttl: Duration,
    /// How many tries it has.
    pub code_attempts: u32,
    /// Where codes are sent.
    pub countries: SmsCountries,
}

/// China, Hong Kong, Macau, Taiwan.
const COUNTRIES: [&str; 4] = ["86", "852", "853", "886"];

/// What the rest of the configuration means to this section.
#[derive(Clone, Copy)]
pub(super) struct Around {
    /// Whether codes in the log would be those of real people.
    pub(super) shows_codes: bool,
    /// Whether people are asked for a phone number.
    pub(super) asks_for_numbers: bool,
}

pub(super) fn read(section: &mut Section<'_>, around: Around) -> SmsConfig {
    SmsConfig {
        providers: providers::read(section, around),
        code_ttl: section.seconds("code_ttl_s", 180, 1..=3600),
        code_attempts: section.number("code_attempts", 5, 1..=20),
        countries: countries(section),
    }
}

fn countries(section: &mut Section<'_>) -> SmsCountries {
    let is_given = section.has("countries");
    let mut codes = section.list("countries");
    if !is_given {
        codes = COUNTRIES.map(str::to_owned).to_vec();
    }
    if codes == ["*"] {
        return SmsCountries::Everywhere;
    }
    let read: Option<Vec<_>> = codes.iter().map(|code| CallingCode::parse(code)).collect();
    if codes.is_empty() || read.is_none() {
        let message =
            "expected calling codes of countries, such as [\"86\", \"852\"], or [\"*\"] for everywhere";
        section.problem("countries", message);
    }
    SmsCountries::Only(read.unwrap_or_default())
}
