//! A phone number in WeChat's words.

use saoma_domain::account::PhoneNumber;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::json::optional_text;

const MAINLAND: &str = "86";

/// The `phone_info` of `getuserphonenumber`, which is also what `getPhoneNumber` encrypts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PhoneInfo {
    #[serde(default, deserialize_with = "optional_text")]
    phone_number: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    pure_phone_number: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    country_code: Option<String>,
    #[serde(default)]
    watermark: Value,
}

impl PhoneInfo {
    /// Reads the fields of decrypted data.
    pub(crate) fn read(data: Map<String, Value>) -> Option<Self> {
        serde_json::from_value(Value::Object(data)).ok()
    }

    /// Returns the app that WeChat made it for.
    pub(crate) fn app_id(&self) -> Option<&str> {
        self.watermark.get("appid")?.as_str()
    }

    /// Returns the number, made of `countryCode` and `purePhoneNumber`; `None` where it is no mobile number.
    ///
    /// `phoneNumber` has to say the same, with the country's code in front for other countries than China.
    /// That is a check of encrypted data: a client that changes one field also changes bytes that it does not
    /// mean to (CBC is malleable).
    pub(crate) fn number(&self) -> Option<PhoneNumber> {
        let pure = self.pure_phone_number.as_deref().filter(|pure| is_digits(pure))?;
        let country = self.country_code.as_deref().map(without_plus).filter(|code| is_digits(code))?;
        let whole = format!("{country}{pure}");
        let said_again = without_plus(self.phone_number.as_deref()?);
        let agrees = said_again == whole || (country == MAINLAND && said_again == pure);
        if !agrees {
            return None;
        }
        PhoneNumber::parse(&format!("+{whole}")).ok()
    }
}

fn without_plus(text: &str) -> &str {
    text.strip_prefix('+').unwrap_or(text)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn number(phone: &Value, pure: &Value, country: &Value) -> Option<String> {
        let info = json!({"phoneNumber": phone, "purePhoneNumber": pure, "countryCode": country});
        let info = serde_json::from_value::<PhoneInfo>(info).unwrap();
        info.number().map(|number| number.e164().to_owned())
    }

    #[test]
    fn a_number_is_made_of_its_country_and_its_pure_form() {
        for (phone, pure, country, e164) in [
            (json!("13800138000"), json!("13800138000"), json!("86"), "+8613800138000"),
            (json!("+8613800138000"), json!("13800138000"), json!("+86"), "+8613800138000"),
            (json!(13_800_138_000_u64), json!(13_800_138_000_u64), json!(86), "+8613800138000"),
            (json!("+85251234567"), json!("51234567"), json!("852"), "+85251234567"),
            (json!("85251234567"), json!("51234567"), json!(852), "+85251234567"),
            (json!("+12025550123"), json!("2025550123"), json!("1"), "+12025550123"),
        ] {
            assert_eq!(number(&phone, &pure, &country).as_deref(), Some(e164));
        }
    }

    #[test]
    fn two_forms_that_differ_are_no_number() {
        for (phone, pure, country) in [
            ("13800138000", "13800138001", "86"),
            ("13800138001", "13800138000", "86"),
            ("+8513800138000", "13800138000", "86"),
            ("51234567", "51234567", "852"),
            ("+85251234567", "51234567", "853"),
            ("+85251234567", "51234567", "86"),
            ("++8613800138000", "13800138000", "86"),
        ] {
            assert_eq!(
                number(&json!(phone), &json!(pure), &json!(country)),
                None,
                "{phone} {pure} {country}"
            );
        }
    }

    #[test]
    fn what_is_missing_or_no_mobile_number_is_no_number() {
        let odd =
            [json!(null), json!(""), json!([]), json!({}), json!(true), json!("1380013800a"), json!(-1)];
        for odd in odd {
            let (good, china) = (json!("13800138000"), json!("86"));
            assert_eq!(number(&odd, &good, &china), None, "{odd}");
            assert_eq!(number(&good, &odd, &china), None, "{odd}");
            assert_eq!(number(&good, &good, &odd), None, "{odd}");
        }
        for (phone, pure, country) in [
            ("1062552000", "1062552000", "86"),
            ("12345678901", "12345678901", "86"),
            ("+99913800138000", "13800138000", "999"),
        ] {
            assert_eq!(number(&json!(phone), &json!(pure), &json!(country)), None, "{phone}");
        }
    }
}
