//! Phone numbers in E.164.

mod reading;

use crate::sms::CallingCode;

/// A mobile phone number in E.164, such as `+8613800138000`; printed only in part.
///
/// Two spellings of one number are equal, so it can key counters and accounts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(String);

/// A text that is no mobile phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a mobile phone number")]
pub struct MalformedPhone;

impl PhoneNumber {
    /// Reads a number as a person writes it: with a country code (`+60…`, `0060…`) by the numbering plan of that country
    /// alone, without one as a number of mainland China (+86).
    ///
    /// Blanks, hyphens and brackets count for nothing, and neither do invisible marks; full-width characters count
    /// like their ASCII forms.
    ///
    /// # Errors
    /// [`MalformedPhone`] when the text has other characters, more than 32 that count, or is not a number that a
    /// mobile phone can have.
    pub fn parse(text: &str) -> Result<Self, MalformedPhone> {
        reading::mobile_number(text).map(Self).ok_or(MalformedPhone)
    }

    /// Reads a number that this service wrote into a store of its own; `None` when it is not in E.164.
    ///
    /// Whether such a number exists is not checked again: the plans of countries change.
    pub fn from_store(e164: &str) -> Option<Self> {
        let digits = e164.strip_prefix('+')?;
        let plausible = (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        plausible.then(|| Self(e164.to_owned()))
    }

    /// Returns the number in E.164, for those who must know it: the SMS gateway and the database.
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// Returns the calling code of the country, without `+`, and the number within it.
    pub fn parts(&self) -> (&str, &str) {
        let digits = self.0.strip_prefix('+').unwrap_or(&self.0);
        // No calling code begins with another one.
        let code = (1..=3)
            .find(|length| digits.get(..*length).is_some_and(|code| CallingCode::parse(code).is_some()));
        digits.split_at_checked(code.unwrap_or(0)).unwrap_or(("", digits))
    }

    /// Returns the number with its middle hidden: `138****8000`, foreign ones with the `+`.
    pub fn masked(&self) -> String {
        let shown = self.0.strip_prefix("+86").unwrap_or(&self.0);
        let tail = shown.len().saturating_sub(4);
        let head = tail.saturating_sub(4).min(if shown.starts_with('+') { 5 } else { 3 });
        format!("{}****{}", shown.get(..head).unwrap_or(""), shown.get(tail..).unwrap_or(""))
    }
}

impl std::fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PhoneNumber({})", self.masked())
    }
}

/// A phone number that a person proved to own; only the code that checks the proof can make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedPhone(PhoneNumber);

impl VerifiedPhone {
    pub(crate) fn proven(number: PhoneNumber) -> Self {
        Self(number)
    }

    /// Returns the number.
    pub fn number(&self) -> &PhoneNumber {
        &self.0
    }

    /// Vouches for a number without a code, for tests of stores only.
    #[cfg(feature = "mocks")]
    pub fn vouched_for(number: PhoneNumber) -> Self {
        Self(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_number_only_has_to_look_like_one() {
        assert_eq!(PhoneNumber::from_store("+8613800138000"), PhoneNumber::parse("13800138000").ok());
        for wrong in ["", "13800138000", "+", "+86138001380a0", "+1234567890123456"] {
            assert_eq!(PhoneNumber::from_store(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_a_part_of_a_number_is_shown() {
        assert_eq!(PhoneNumber::parse("13800138000").unwrap().masked(), "138****8000");
        assert_eq!(PhoneNumber::parse("+12025550123").unwrap().masked(), "+120****0123");
        assert_eq!(PhoneNumber::from_store("+37259120042").unwrap().masked(), "+372****0042");
        assert_eq!(format!("{:?}", PhoneNumber::parse("13800138000").unwrap()), "PhoneNumber(138****8000)");
    }
}
