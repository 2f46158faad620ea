//! Reading a mobile phone number from what a person, a program or WeChat wrote.

use phonenumber::{Mode, PhoneNumber, Type, metadata::DATABASE};

use crate::text::{half_width, is_decoration};

/// The longest text that is looked at, in bytes: 32 characters that count, and as many marks.
const LONGEST_TEXT: usize = 256;

/// How many characters that count a text may have.
const LONGEST_NUMBER: usize = 32;

const CHINA: &str = "86";

/// Returns the number in E.164, if it is one that a mobile phone can have.
pub(super) fn mobile_number(text: &str) -> Option<String> {
    let written = without_decoration(text)?;
    let digits = match written.strip_prefix('+').or_else(|| written.strip_prefix("00")) {
        Some(digits) => digits,
        None => return mobile_in_china(&written).or_else(|| with_bare_country_code(&written)),
    };
    match digits.strip_prefix(CHINA) {
        Some(national) => mobile_in_china(national),
        None => mobile_elsewhere(digits),
    }
}

/// Returns the digits of a text with the `+` before them, if it has one; `None` where anything else stands in it.
fn without_decoration(text: &str) -> Option<String> {
    if text.len() > LONGEST_TEXT {
        return None;
    }
    let mut written = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_decoration(*c)) {
        match half_width(c) {
            digit @ '0'..='9' => written.push(digit),
            '+' if written.is_empty() => written.push('+'),
            _ => return None,
        }
    }
    (written.len() <= LONGEST_NUMBER).then_some(written)
}

/// Reads a number of mainland China: eleven digits that begin with 13 to 19. The ministry opens new ranges faster than
/// any table of them is updated.
fn mobile_in_china(national: &str) -> Option<String> {
    let is_mobile = national.len() == 11
        && national.starts_with('1')
        && matches!(national.as_bytes().get(1), Some(b'3'..=b'9'));
    is_mobile.then(|| format!("+{CHINA}{national}"))
}

/// Reads `86` before a number of mainland China that has lost its `+`.
fn with_bare_country_code(written: &str) -> Option<String> {
    mobile_in_china(written.strip_prefix(CHINA)?)
}

/// Reads a number of another country by the plan of that country alone.
fn mobile_elsewhere(digits: &str) -> Option<String> {
    let number = phonenumber::parse(None, format!("+{digits}")).ok()?;
    (number.is_valid() && is_mobile(&number)).then(|| number.format().mode(Mode::E164).to_string())
}

fn is_mobile(number: &PhoneNumber) -> bool {
    match number.number_type(&DATABASE) {
        Type::Mobile | Type::FixedLineOrMobile => true,
        // The library forgets the zeros before a number (Ivory Coast, Benin, Congo) when it asks for its type.
        Type::Unknown => {
            let national = number.national().to_string();
            let plans = DATABASE.by_code(&number.country().code()).unwrap_or_default();
            national.starts_with('0')
                && plans
                    .iter()
                    .any(|plan| plan.descriptors().mobile().is_some_and(|mobile| mobile.is_match(&national)))
        }
        Type::FixedLine
        | Type::TollFree
        | Type::PremiumRate
        | Type::SharedCost
        | Type::PersonalNumber
        | Type::Voip
        | Type::Pager
        | Type::Uan
        | Type::Emergency
        | Type::Voicemail
        | Type::ShortCode
        | Type::StandardRate
        | Type::Carrier
        | Type::NoInternational => false,
    }
}

#[cfg(test)]
mod tests;
