//! Reading and writing the JSON of callbacks: the fields of the XML as the names of one object.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

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

/// The fields of an object.
pub(super) type Object = Map<String, Value>;

/// Returns texts as the fields of an object.
pub(super) fn texts(texts: &[(&str, &str)]) -> Object {
    texts.iter().map(|(name, text)| ((*name).to_owned(), json!(text))).collect()
}

/// Returns an object as the one field of another.
pub(super) fn nested(name: &str, object: Object) -> Object {
    Object::from_iter([(name.to_owned(), Value::Object(object))])
}

/// Returns the fields of a list of one card.
pub(super) fn one_article(article: Object) -> Object {
    let articles = Value::Array(vec![Value::Object(article)]);
    Object::from_iter([("ArticleCount".to_owned(), json!(1)), ("Articles".to_owned(), articles)])
}

/// Writes fields, a number and more fields as one object.
pub(super) fn write(fields: Object, (name, number): (&str, i64), more: Object) -> String {
    let number = (name.to_owned(), json!(number));
    Value::Object(fields.into_iter().chain([number]).chain(more).collect()).to_string()
}
