//! Reading WeChat's answers.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::failure::{CallFailure, Refusal};
use crate::json::{lenient, whole_number};

/// What an answer is read as.
pub(super) trait Answer: Sized {
    /// Reads an answer.
    fn read(bytes: &[u8]) -> Result<Self, CallFailure>;
}

impl<A: DeserializeOwned> Answer for A {
    fn read(bytes: &[u8]) -> Result<Self, CallFailure> {
        read(bytes)
    }
}

/// Reads an answer as WeChat means it: a non-zero `errcode` is a refusal, and unknown fields are ignored.
pub(super) fn read<A: DeserializeOwned>(bytes: &[u8]) -> Result<A, CallFailure> {
    let (value, _) =
        lenient::<Value>(bytes).ok_or_else(|| CallFailure::unusable("the answer is not JSON"))?;
    if !value.is_object() {
        return Err(CallFailure::unusable("the answer is no JSON object"));
    }
    let errcode = match value.get("errcode") {
        None | Some(Value::Null) => 0,
        Some(code) => whole_number(code).ok_or_else(|| CallFailure::unusable("the errcode is no number"))?,
    };
    if errcode != 0 {
        let errmsg = value.get("errmsg").and_then(Value::as_str).unwrap_or_default().to_owned();
        return Err(CallFailure::Refused(Refusal { errcode, errmsg }));
    }
    serde_json::from_value(value).map_err(|_| CallFailure::unusable("the answer lacks a field"))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::json::number;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Sample {
        #[serde(deserialize_with = "number")]
        expires_in: i64,
        name: String,
    }

    fn sample(expires_in: i64, name: &str) -> Sample {
        Sample { expires_in, name: name.to_owned() }
    }

    #[test]
    fn numbers_may_come_as_text_and_unknown_fields_are_ignored() {
        let read = |text: &str| read::<Sample>(text.as_bytes()).unwrap();
        assert_eq!(read(r#"{"expires_in":7200,"name":"n","new":[]}"#), sample(7200, "n"));
        assert_eq!(read(r#"{"expires_in":"7200","name":"n","errcode":0,"errmsg":"ok"}"#), sample(7200, "n"));
        assert_eq!(read(r#"{"expires_in":1,"name":"n","errcode":"0"}"#), sample(1, "n"));
    }

    #[test]
    fn control_characters_and_broken_utf8_in_texts_are_forgiven() {
        let read = |bytes: &[u8]| read::<Sample>(bytes).unwrap();
        assert_eq!(read(b"{\"expires_in\":1,\n\"name\":\"a\x01b\x1fc\"}"), sample(1, "a b c"));
        assert_eq!(read(b"{\"expires_in\":1,\"name\":\"a\xffb\"}"), sample(1, "a\u{fffd}b"));
    }

    #[test]
    fn a_code_other_than_zero_is_a_refusal() {
        for text in [r#"{"errcode":40003,"errmsg":"no"}"#, r#"{"errcode":"40003"}"#] {
            match read::<Sample>(text.as_bytes()) {
                Err(CallFailure::Refused(refusal)) => assert_eq!(refusal.errcode, 40003),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn everything_else_is_unusable() {
        for text in ["", "<html></html>", "{\"expires_in\":1", "[]", "null", "{}", r#"{"errcode":"x"}"#] {
            assert!(matches!(read::<Sample>(text.as_bytes()), Err(CallFailure::Unusable(_))), "{text}");
        }
    }
}
