//! Where SMS codes are sent.

use phonenumber::metadata::DATABASE;

use crate::account::PhoneNumber;

/// Calling codes of no country: free and shared cost, ships and aircraft, satellites, networks of their own, premium
/// rate. Some of them cost a hundred times as much as a message to a country, and their owners share the money.
const OF_NO_COUNTRY: [&str; 10] = ["800", "808", "870", "878", "881", "882", "883", "888", "979", "991"];

/// The calling codes that nearly every site has: they are known without the table of all countries, whose reading takes most
/// of a second in a program that was built without optimization.
const USUAL: [&str; 4] = ["86", "852", "853", "886"];

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
        (is_plain && (USUAL.contains(&text) || is_of_a_country(text))).then(|| Self(text.to_owned()))
    }

    /// Returns its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_of_a_country(code: &str) -> bool {
    let is_known = code.parse().is_ok_and(|code| DATABASE.by_code(&code).is_some());
    is_known && !OF_NO_COUNTRY.contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_codes_are_those_of_countries() {
        assert!(USUAL.into_iter().all(is_of_a_country));
    }

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
