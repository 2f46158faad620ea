//! JSON fields as WeChat sends them: a number may come as a text, and a text as a number.

use serde::de::{Deserialize, Deserializer, Error as _, Unexpected};
use serde_json::Value;

/// Reads a whole number, also from a text.
pub(crate) fn whole_number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// Deserializes a whole number that may also come as a text.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let value = Value::deserialize(deserializer)?;
    whole_number(&value).ok_or_else(|| D::Error::invalid_type(Unexpected::Other("another type"), &"a number"))
}

/// Deserializes a text that is not empty, also from a number; `None` for anything else.
pub(crate) fn optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    Ok(text.filter(|text| !text.is_empty()))
}
