//! JSON as WeChat sends it: a number may come as a text, a text as a number, and texts of users may be broken.

use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _, MapAccess, Unexpected, Visitor};
use serde_json::Value;

/// The names and values of an object in their order, one that comes twice included.
pub(crate) struct Pairs(pub(crate) Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// Parses JSON and says whether it had to be repaired. Where it does not parse it tries once more without what
/// texts of users bring in: raw control characters, broken UTF-8, halves of surrogate pairs, unknown escapes.
pub(crate) fn lenient<T: DeserializeOwned>(bytes: &[u8]) -> Option<(T, bool)> {
    let strict = serde_json::from_slice(bytes).ok().map(|value| (value, false));
    strict.or_else(|| Some((serde_json::from_str(&repaired(bytes)).ok()?, true)))
}

/// Puts U+FFFD for each half of a surrogate pair and for broken UTF-8, a blank for each control character, and
/// takes the backslash from what is no escape.
fn repaired(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut out = String::with_capacity(rest.len());
    while let Some(at) = rest.find(|c: char| c == '\\' || c < ' ') {
        let (before, odd) = rest.split_at(at);
        out.push_str(before);
        let (good, length) = escape(odd);
        out.push_str(good);
        rest = odd.get(length..).unwrap_or_default();
    }
    out + rest
}

/// Returns what to write for the escape or control character at the start of a text, and its length there.
fn escape(text: &str) -> (&str, usize) {
    let unit = |at: usize| {
        let digits = text.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(u16::from_str_radix(digits, 16).ok()?)
    };
    let (first, second) = (unit(0), unit(6));
    let whole = match (text.as_bytes(), first) {
        (_, Some(0xd800..=0xdbff)) if matches!(second, Some(0xdc00..=0xdfff)) => 12,
        (_, Some(0xd800..=0xdfff)) => return ("\\ufffd", 6),
        (_, Some(_)) => 6,
        ([b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..], None) => 2,
        ([b'\\', ..], None) => return ("", 1),
        _ => return (" ", 1),
    };
    (text.get(..whole).unwrap_or_default(), whole)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn name(json: &[u8]) -> (String, bool) {
        let (value, was_repaired) = lenient::<Value>(json).unwrap();
        (value["name"].as_str().unwrap().to_owned(), was_repaired)
    }

    #[test]
    fn a_text_that_is_broken_is_repaired_and_whole_ones_stay_as_they_are() {
        let broken: [(&[u8], &str); 8] = [
            (br#"{"name":"a\ud83d"}"#, "a\u{fffd}"),
            (br#"{"name":"\ude00b\ud83dc"}"#, "\u{fffd}b\u{fffd}c"),
            (br#"{"name":"\ud83d\ud83d\ude00"}"#, "\u{fffd}\u{1f600}"),
            (br#"{"name":"\ud83d\n\\ud83d"}"#, "\u{fffd}\n\\ud83d"),
            (br#"{"name":"a\x\'\u12"}"#, "ax'u12"),
            (b"{\"name\":\"a\x01b\x1fc\"}", "a b c"),
            (b"{\n\"name\":\"a\xffb\xed\xa0\x80\"}", "a\u{fffd}b\u{fffd}\u{fffd}\u{fffd}"),
            (b"\xef\xbb\xbf{\"name\":\"n\"}", "n"),
        ];
        for (json, text) in broken {
            assert_eq!(name(json), (text.to_owned(), true), "{}", String::from_utf8_lossy(json));
        }
        assert!(lenient::<Value>(b"{\"name\":\"\\").is_none(), "and no text is made up");
        for whole in ["\u{1f600}", "a\\ud83d", "\u{fffd}", "\"\\/\u{8}\u{c}\n\r\t"] {
            let json = serde_json::json!({"name": whole}).to_string();
            assert_eq!(name(json.as_bytes()), (whole.to_owned(), false));
            assert_eq!(name(repaired(json.as_bytes()).as_bytes()), (whole.to_owned(), false));
        }
    }

    #[test]
    fn a_name_that_comes_twice_is_there_twice() {
        let Pairs(pairs) = lenient(br#"{"a":1,"b":[],"a":2}"#).unwrap().0;
        assert_eq!(pairs.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a", "b", "a"]);
    }
}
