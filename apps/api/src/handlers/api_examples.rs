//! Examples of requests and answers, for the description of the API.

use std::sync::LazyLock;

use serde_json::{Map, Value};

/// By operation: `request`, one example or several by name, and the answers by their status.
static EXAMPLES: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("api_examples.json")).unwrap_or_default());

/// Adds the examples of an operation.
pub(super) fn add_examples(operation: &mut Map<String, Value>) {
    let name = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let Some(examples) = EXAMPLES.get(name).and_then(Value::as_object) else { return };
    for (place, example) in examples {
        let body = match place.as_str() {
            "request" => operation.get_mut("requestBody"),
            status => operation.get_mut("responses").and_then(|responses| responses.get_mut(status)),
        };
        let contents = body.and_then(|body| body.get_mut("content")).and_then(Value::as_object_mut);
        for content in contents.into_iter().flat_map(|contents| contents.values_mut()) {
            let key = if is_named(example) { "examples" } else { "example" };
            if let Some(content) = content.as_object_mut() {
                content.insert(key.to_owned(), example.clone());
            }
        }
    }
}

/// Returns whether these are several examples, each with its `value`.
fn is_named(examples: &Value) -> bool {
    let named = |examples: &Map<String, Value>| {
        !examples.is_empty() && examples.values().all(|each| each.get("value").is_some())
    };
    examples.as_object().is_some_and(named)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::{super::openapi::openapi_json, *};
    use crate::handlers::site_openapi_json;

    /// Returns the examples of a body.
    fn examples_of(content: &Value) -> Vec<&Value> {
        let named = content["examples"].as_object().into_iter().flat_map(Map::values);
        content.get("example").into_iter().chain(named.map(|each| &each["value"])).collect()
    }

    /// Returns what is wrong with an example, by the schema of its body.
    fn problems(document: &Value, schema: &Value, example: &Value) -> Vec<String> {
        // The schemas name each other by their places in the document.
        let mut whole = schema.clone();
        whole["components"] = document["components"].clone();
        let validator = jsonschema::validator_for(&whole).unwrap();
        validator.iter_errors(example).map(|error| error.to_string()).collect()
    }

    #[test]
    fn every_request_with_a_body_has_an_example_and_every_example_fits_its_schema() {
        let mut used = BTreeSet::new();
        for text in [openapi_json(), site_openapi_json()] {
            let document: Value = serde_json::from_str(text).unwrap();
            let paths = document["paths"].as_object().unwrap();
            for operation in paths.values().flat_map(|item| item.as_object().unwrap().values()) {
                let name = operation["operationId"].as_str().unwrap();
                let request = operation.get("requestBody").map(|body| ("request", body));
                let responses = operation["responses"].as_object().unwrap();
                let bodies =
                    request.into_iter().chain(responses.iter().map(|(status, body)| (status.as_str(), body)));
                for (place, body) in bodies {
                    for (kind, content) in body["content"].as_object().into_iter().flatten() {
                        let examples = examples_of(content);
                        assert!(place != "request" || !examples.is_empty(), "{name} has no example");
                        for example in examples {
                            used.insert(name.to_owned());
                            if kind.ends_with("json") || kind.ends_with("form-urlencoded") {
                                let found = problems(&document, &content["schema"], example);
                                assert!(found.is_empty(), "{name}, {place}: {found:?}");
                            }
                        }
                    }
                }
            }
        }
        let written: BTreeSet<_> = EXAMPLES.as_object().unwrap().keys().cloned().collect();
        let unused: Vec<_> = written.difference(&used).collect();
        assert!(unused.is_empty() || cfg!(not(feature = "oidc")), "of no operation: {unused:?}");
    }

    #[test]
    fn an_example_that_does_not_fit_is_noticed() {
        let document = json!({"components": {"schemas": {"Code": {
            "type": "object", "required": ["phone"], "properties": {"phone": {"type": "string"}},
            "additionalProperties": false,
        }}}});
        let schema = json!({"$ref": "#/components/schemas/Code"});
        assert!(problems(&document, &schema, &json!({"phone": "138"})).is_empty());
        for wrong in [json!({}), json!({"phone": 138}), json!({"phone": "138", "fone": "138"})] {
            assert!(!problems(&document, &schema, &wrong).is_empty(), "{wrong}");
        }
    }
}
