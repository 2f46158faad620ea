//! What the derived description of the API does not say by itself: the words that a field can have, which error comes with
//! which status, the answers by state, and names that generated clients can live with.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::api_examples::add_examples;
use crate::problem::ErrorCode;

/// What operations are called that no handler names.
const NAMES: &[(&str, &str, &str)] = &[
    ("post", "/v1/logins", "start_login"),
    ("get", "/v1/logins/{id}", "read_login"),
    ("delete", "/v1/logins/{id}", "cancel_login"),
    ("get", "/v1/logins/{id}/events", "watch_login"),
    ("post", "/v1/logins/{id}/sms-codes", "send_code"),
    ("post", "/v1/logins/{id}/phone", "bind_phone"),
    ("post", "/v1/logins/{id}/wechat-phone", "bind_wechat_phone"),
    ("post", "/v1/logins/{id}/mini-program", "answer_in_mini_program"),
    ("get", "/v1/oauth/authorize", "authorize"),
    ("get", "/v1/oauth/callback", "finish_authorization"),
    ("get", "/v1/session", "read_session"),
    ("delete", "/v1/session", "log_out"),
    ("post", "/v1/session/identities", "add_identity"),
    ("delete", "/v1/session/identities/{id}", "remove_identity"),
    ("get", "/v1/sessions", "list_sessions"),
    ("delete", "/v1/sessions", "end_all_sessions"),
    ("delete", "/v1/sessions/{id}", "end_session"),
    ("get", "/wechat/{app}/callback", "check_callback"),
    ("post", "/wechat/{app}/callback", "receive_callback"),
    ("get", "/v1/admin/accounts/{id}/sessions", "list_account_sessions"),
    ("delete", "/v1/admin/accounts/{id}/sessions", "end_account_sessions"),
    ("delete", "/v1/admin/accounts/{id}/sessions/{sid}", "end_account_session"),
    ("get", "/v1/admin/audit", "list_audit"),
    ("get", "/v1/admin/events", "list_events"),
    ("post", "/v1/admin/events/{eid}/replay", "replay_event"),
    ("get", "/v1/admin/funnel", "read_funnel"),
    ("post", "/v1/admin/introspect", "introspect_session"),
    ("get", "/v1/admin/status", "read_status"),
    ("get", "/v1/admin/webhooks", "list_deliveries"),
    ("post", "/v1/admin/webhooks/{wid}/retry", "retry_delivery"),
    ("post", "/v1/admin/wechat/{app}/access-token", "read_access_token"),
    ("post", "/v1/admin/wechat/{app}/js-config", "sign_js_config"),
    ("post", "/v1/admin/wechat/{app}/qrcodes", "make_qr_code"),
    ("get", "/v1/admin/wechat/{app}/users/{openid}", "read_wechat_user"),
];

const CHANNELS: [&str; 7] =
    ["official_account", "website", "in_wechat", "mini_program", "mini_program_code", "app", "sms"];
const STATES: [&str; 4] = ["loop", "unregistered", "registered", "expired"];
const REASONS: [&str; 3] = ["timeout", "cancelled", "denied"];

/// Says what the derived description does not.
pub(super) fn polished(mut document: Value) -> Value {
    each_operation(&mut document, |path, method, operation| {
        if let Some((_, _, name)) = NAMES.iter().find(|(m, p, _)| (*m, *p) == (method, path)) {
            operation.insert("operationId".to_owned(), json!(name));
        }
        add_examples(operation);
        add_errors(operation);
    });
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.values_mut().for_each(name_words);
        let words: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        set_words(schemas, "ProblemBody", "code", &words);
        for body in ["LoginAnswer", "StartedBody"] {
            set_words(schemas, body, "state", &STATES);
            set_words(schemas, body, "reason", &REASONS);
        }
        set_words(schemas, "MiniProgramAnswer", "state", &STATES);
        split_by_state(schemas);
    }
    document
}

fn each_operation(document: &mut Value, mut polish: impl FnMut(&str, &str, &mut Map<String, Value>)) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for (path, item) in paths {
        let Some(item) = item.as_object_mut() else { continue };
        for (method, operation) in item {
            if let Some(operation) = operation.as_object_mut() {
                polish(path, method, operation);
            }
        }
    }
}

/// Lists the errors that a handler names by their statuses. Any other, such as `internal`, is in `default`.
fn add_errors(operation: &mut Map<String, Value>) {
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    let named =
        responses.get("default").and_then(|default| default["description"].as_str()).unwrap_or_default();
    let mut by_status: BTreeMap<String, Vec<ErrorCode>> = BTreeMap::new();
    for word in named.split('`').skip(1).step_by(2) {
        if let Some(code) = ErrorCode::ALL.iter().find(|code| code.as_str() == word) {
            by_status.entry(code.status().as_str().to_owned()).or_default().push(*code);
        }
    }
    for (status, codes) in by_status {
        responses.entry(status).or_insert_with(|| error_response(&codes));
    }
}

fn error_response(codes: &[ErrorCode]) -> Value {
    let told: Vec<String> =
        codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.title())).collect();
    let words: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    let text = |description: &str| json!({"description": description, "schema": {"type": "string"}});
    let mut headers = Map::new();
    headers.insert("X-Request-Id".to_owned(), text("The id of the request"));
    if codes.iter().any(|code| matches!(code.status().as_u16(), 429 | 503)) {
        headers.insert("Retry-After".to_owned(), text("Seconds until the next try"));
    }
    let schema = json!({"allOf": [
        {"$ref": "#/components/schemas/ProblemBody"},
        {"type": "object", "properties": {"code": {"type": "string", "enum": words}}},
    ]});
    json!({
        "description": told.join("; "),
        "headers": headers,
        "content": {"application/problem+json": {"schema": schema}},
    })
}

/// Says of each field by its name what its text is.
fn name_words(schema: &mut Value) {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for (name, property) in properties {
        let Some(property) = property.as_object_mut() else { continue };
        let kind = property.get("type").cloned().unwrap_or_default();
        let is_text = kind == "string"
            || kind.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "string"));
        if !is_text || property.contains_key("format") || property.contains_key("enum") {
            continue;
        }
        if name.ends_with("_at") || matches!(name.as_str(), "at" | "auth_time") {
            property.insert("format".to_owned(), json!("date-time"));
        } else if name == "channel" {
            property.insert("enum".to_owned(), json!(CHANNELS));
        }
    }
}

fn set_words(schemas: &mut Map<String, Value>, schema: &str, property: &str, words: &[&str]) {
    let property =
        schemas.get_mut(schema).and_then(|schema| schema.pointer_mut(&format!("/properties/{property}")));
    if let Some(property) = property.and_then(Value::as_object_mut) {
        let may_be_null = property.get("type").is_some_and(Value::is_array);
        let words = words.iter().map(|word| json!(word)).chain(may_be_null.then_some(Value::Null));
        property.insert("enum".to_owned(), words.collect());
    }
}

/// Makes one schema a state of the answer about a login, each with what is known only then.
fn split_by_state(schemas: &mut Map<String, Value>) {
    let Some(whole) = schemas.get("LoginAnswer").cloned() else { return };
    let only_in = |name: &str| -> &[&str] {
        match name {
            "scanned" | "confirm" => &["loop"],
            "expires_in" => &["loop", "unregistered"],
            "account" | "session" => &["registered"],
            "reason" => &["expired"],
            _ => &STATES,
        }
    };
    let mut one_of = Vec::new();
    for (state, name, example) in examples() {
        let mut one = whole.clone();
        if let Some(one) = one.as_object_mut() {
            one.insert("example".to_owned(), example);
            one.insert("description".to_owned(), json!(format!("A login in state `{state}`")));
        }
        if let Some(properties) = one.get_mut("properties").and_then(Value::as_object_mut) {
            properties.retain(|name, _| only_in(name).contains(&state));
            properties.insert("state".to_owned(), json!({"type": "string", "enum": [state]}));
        }
        schemas.insert(name.to_owned(), one);
        one_of.push(json!({"$ref": format!("#/components/schemas/{name}")}));
    }
    let description = whole.get("description").cloned().unwrap_or_default();
    schemas.insert("LoginAnswer".to_owned(), json!({"description": description, "oneOf": one_of}));
}

fn examples() -> [(&'static str, &'static str, Value); 4] {
    let id = "AZqPz0r5Q2mB7xk3wJt9LhYcV1nEuTgD";
    [
        (
            "loop",
            "LoginLoop",
            json!({"id": id, "state": "loop", "version": 1, "scanned": false, "expires_in": 87}),
        ),
        (
            "unregistered",
            "LoginUnregistered",
            json!({"id": id, "state": "unregistered", "version": 2, "expires_in": 540}),
        ),
        (
            "registered",
            "LoginRegistered",
            json!({
                "id": id, "state": "registered", "version": 3,
                "account": {"id": "0199f3c2-7d3e-7a51-9c0e-5d1f2b8a4e66", "phone": "138****8000"},
                "session": {"expires_at": "2026-11-30T08:30:00Z", "expires_in": 1800},
            }),
        ),
        ("expired", "LoginExpired", json!({"id": id, "state": "expired", "version": 2, "reason": "timeout"})),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{super::openapi::openapi_json, *};

    fn document() -> Value {
        serde_json::from_str(openapi_json()).unwrap()
    }

    #[test]
    fn every_operation_has_a_name_of_its_own_and_every_error_a_status() {
        let (mut document, mut names) = (document(), BTreeSet::new());
        each_operation(&mut document, |path, method, operation| {
            let name = operation["operationId"].as_str().unwrap().to_owned();
            assert!(name.contains('_') || name.len() > 7, "{method} {path} is called {name}");
            assert!(names.insert(name.clone()), "{name} is the name of two operations");
            let default = operation["responses"]["default"]["description"].as_str().unwrap();
            // The words of RFC 6749 are no codes of the contract's.
            if path.starts_with("/oauth2/") {
                return;
            }
            for word in default.split('`').skip(1).step_by(2) {
                let code = ErrorCode::ALL.iter().find(|code| code.as_str() == word);
                let code = code.unwrap_or_else(|| panic!("{method} {path}: `{word}` is no error code"));
                let response = &operation["responses"][code.status().as_str()];
                assert!(response["description"].as_str().unwrap().contains(word), "{method} {path}: {word}");
                let is_later = matches!(code.status().as_u16(), 429 | 503);
                assert_eq!(
                    response["headers"]["Retry-After"].is_object(),
                    is_later,
                    "{method} {path}: {word}"
                );
            }
        });
    }

    #[test]
    fn answers_are_told_apart_by_their_state() {
        let document = document();
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["LoginAnswer"]["oneOf"].as_array().unwrap().len(), STATES.len());
        let has = |schema: &str, property: &str| schemas[schema]["properties"][property].is_object();
        assert!(has("LoginRegistered", "session") && !has("LoginLoop", "session"));
        assert!(has("LoginExpired", "reason") && !has("LoginUnregistered", "reason"));
        assert!(has("LoginLoop", "scanned") && has("LoginUnregistered", "expires_in"));
        for (state, name, example) in examples() {
            assert_eq!(schemas[name]["properties"]["state"]["enum"], json!([state]));
            for (field, _) in example.as_object().unwrap() {
                assert!(has(name, field), "{name} has no {field}");
            }
        }
    }

    #[test]
    fn fields_say_which_words_they_have() {
        let document = document();
        let property = |path: &str| {
            &document["components"]["schemas"][path.split_once('.').unwrap().0]["properties"]
                [path.split_once('.').unwrap().1]
        };
        let codes = property("ProblemBody.code")["enum"].as_array().unwrap().len();
        assert_eq!(codes, ErrorCode::ALL.len());
        assert_eq!(property("SessionAnswer.auth_time")["format"], "date-time");
        assert_eq!(property("IdentityBody.channel")["enum"], json!(CHANNELS));
        assert_eq!(property("StartedBody.state")["enum"], json!(STATES));
    }
}
