//! Reading and writing the JSON of callbacks: the fields of the XML as the names of one object.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::fields::{Damage, Fields};
use crate::json::{Pairs, lenient};

/// Reads a body. Values that are neither texts nor numbers have no text.
pub(super) fn read(text: &str) -> Fields<'_> {
    let mut fields = Fields::new();
    match lenient::<Pairs>(text.as_bytes()) {
        Some((Pairs(pairs), was_broken)) => {
            if was_broken {
                fields.damaged(Damage::Text);
            }
            for (name, value) in pairs {
                let text = match value {
                    Value::String(text) => text,
                    Value::Number(number) => number.to_string(),
                    Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
                };
                fields.push(name, Cow::Owned(text));
            }
        }
        None => fields.damaged(Damage::Structure),
    }
    fields
}

/// Writes texts and a number as an object.
pub(super) fn write(texts: &[(&str, &str)], (name, number): (&str, i64)) -> String {
    let texts = texts.iter().map(|(name, text)| ((*name).to_owned(), json!(text)));
    Value::Object(texts.chain([(name.to_owned(), json!(number))]).collect()).to_string()
}
