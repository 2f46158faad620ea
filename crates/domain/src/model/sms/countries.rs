//! Where SMS codes are sent.

use phonenumber::metadata::DATABASE;

use crate::account::PhoneNumber;

/// Calling codes of no country: free and shared cost, ships and aircraft, satellites, networks of their own, premium
/// rate. Some of them cost a hundred times as much as a message to a country, and their owners share the money.
const OF_NO_COUNTRY: [&str; 10] = ["800", "808", "870", "878", "881", "882", "883", "888", "979", "991"];

/// The countries that SMS codes are sent to. Satellites, and all other networks that belong to no country, never get
/// one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SmsCountries {
    /// All countries.
    Everywhere,
    /// Those with these calling codes.
    Only(Vec<CallingCode>),
}

impl SmsCountries {
    /// Returns whether codes are sent to a number.
    pub fn include(&self, phone: &PhoneNumber) -> bool {
        let digits = phone.e164().trim_start_matches('+');
        // No calling code begins with another one.
        !OF_NO_COUNTRY.iter().any(|code| digits.starts_with(code))
            && match self {
                Self::Everywhere => true,
                Self::Only(codes) => codes.iter().any(|code| digits.starts_with(&code.0)),
            }
    }
}

/// The calling code of a country, such as `86`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallingCode(String);

impl CallingCode {
    /// Reads a calling code; `None` where no country has it.
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
        let is_known = DATABASE.by_code(&text.parse().ok()?).is_some() && !OF_NO_COUNTRY.contains(&text);
        (is_plain && is_known).then(|| Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent_to(countries: &SmsCountries, number: &str) -> bool {
        countries.include(&PhoneNumber::from_store(number).unwrap())
    }

    #[test]
    fn only_the_numbers_of_the_countries_get_codes() {
        let codes = ["86", "852", "1"].map(|code| CallingCode::parse(code).unwrap());
        let countries = SmsCountries::Only(codes.into());
        for (number, expected) in [
            ("+8613800138000", true),
            ("+85251234567", true),
            ("+12025550123", true),
            ("+85366123456", false),
            ("+886912345678", false),
            ("+60123456789", false),
        ] {
            assert_eq!(sent_to(&countries, number), expected, "{number}");
            assert!(sent_to(&SmsCountries::Everywhere, number), "{number}");
        }
    }

    #[test]
    fn satellites_and_premium_networks_get_none_whatever_the_countries() {
        for code in OF_NO_COUNTRY {
            assert!(!sent_to(&SmsCountries::Everywhere, &format!("+{code}123456789")), "{code}");
            assert_eq!(CallingCode::parse(code), None, "{code}");
        }
        assert!(sent_to(&SmsCountries::Everywhere, "+8801812345678"), "Bangladesh");
    }

    #[test]
    fn only_what_a_country_has_is_a_calling_code() {
        for wrong in ["", "+86", "086", "8", "8613", "eighty-six", "٨٦", "70000"] {
            assert_eq!(CallingCode::parse(wrong), None, "{wrong}");
        }
    }
}
