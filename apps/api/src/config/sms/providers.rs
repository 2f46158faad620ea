//! Who sends the SMS: one provider, or several that are tried in order.
//!
//! What a provider needs stands in `[sms]`, or in a section of its own such as `[sms.tencent]`, which has the last word.

use saoma_sms::{CloudConfig, SmsProvider, Success, TemplateConfig, WebhookConfig};
use serde_json::Value as Json;
use toml::{Table, Value};

use super::Around;
use crate::config::section::Section;

const NAMES: [&str; 6] = ["log", "webhook", "template", "aliyun", "aliyun_pnvs", "tencent"];

/// The keys of providers that may stand in `[sms]` itself.
const KEYS: [&str; 16] = [
    "url",
    "webhook_secret",
    "webhook_secret_file",
    "method",
    "headers",
    "body",
    "success",
    "sign_name",
    "template_code",
    "template_param",
    "access_key_id",
    "access_key_id_file",
    "access_key_secret",
    "access_key_secret_file",
    "region",
    "app_id",
];

pub(super) fn read(section: &mut Section<'_>, around: Around) -> Vec<SmsProvider> {
    let shows_codes = around.shows_codes;
    let mut names = section.list("provider");
    // Where no number is asked for there may be no provider at all.
    if names.is_empty() && (around.asks_for_numbers || !shows_codes) {
        names.push("log".to_owned());
    }
    let shared = section.taken(&KEYS);
    let is_alone = names.len() == 1;
    let mut providers = Vec::new();
    for (at, name) in names.iter().enumerate() {
        if names.iter().take(at).any(|earlier| earlier == name) {
            section.problem("provider", format!("`{name}` stands twice in the list"));
        }
        let Some(known) = NAMES.into_iter().find(|known| known == name) else {
            let known = NAMES.map(|name| format!("`{name}`")).join(", ");
            section.problem("provider", format!("`{name}` is none of {known}"));
            continue;
        };
        if known == "log" && shows_codes {
            let message = "`log` shows the codes in the log and sends none, so it is refused where `server.public_url` \
                           is https, unless every official account is a test account; without any provider people cannot \
                           be asked for a number: login.phone = \"off\"";
            section.problem("provider", message);
        }
        // Of several providers only one can have the address in [sms]: the one that has none of its own.
        let mut base = shared.clone();
        if !is_alone && !matches!(known, "webhook" | "template") {
            base.remove("url");
        }
        providers.extend(section.layered(known, &base, |section| provider(section, known)));
    }
    for name in NAMES.into_iter().filter(|name| !names.iter().any(|given| given == name)) {
        if section.has_table(name) {
            section.problem(name, format!("`sms.provider` does not name `{name}`"));
        }
        section.skip(name);
    }
    providers
}

fn provider(section: &mut Section<'_>, name: &str) -> Option<SmsProvider> {
    Some(match name {
        "webhook" => {
            let secret = section.secret("webhook_secret");
            if !section.has("url") {
                section.problem("url", "missing: the http or https URL that takes the codes");
            }
            SmsProvider::Webhook(WebhookConfig { url: section.http_url("url")?, secret })
        }
        "template" => SmsProvider::Template(Box::new(template(section)?)),
        "aliyun" => SmsProvider::Aliyun(Box::new(cloud(section, Form::Object, false)?)),
        "aliyun_pnvs" => SmsProvider::AliyunPnvs(Box::new(cloud(section, Form::Object, false)?)),
        "tencent" => SmsProvider::Tencent(Box::new(cloud(section, Form::List, true)?)),
        _ => SmsProvider::Log,
    })
}

/// The form of a template's variables.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Object,
    List,
}

fn cloud(section: &mut Section<'_>, form: Form, has_app: bool) -> Option<CloudConfig> {
    let mut needed = |key: &str, what: &str| {
        let text = section.text(key);
        if text.is_none() {
            section.problem(key, format!("missing: {what}"));
        }
        text
    };
    let sign_name = needed("sign_name", "the signature as the provider's console has it, without brackets");
    let template_code = needed("template_code", "the id of the template in the provider's console");
    let app_id = if has_app { needed("app_id", "the SmsSdkAppId of the provider's console") } else { None };
    let mut secret = |key: &str, what: &str| {
        let secret = section.secret(key);
        if secret.is_none() {
            section.problem(key, format!("missing: {what}, here or in `{key}_file`"));
        }
        secret
    };
    let access_key_id = secret("access_key_id", "the id of the access key");
    let access_key_secret = secret("access_key_secret", "the secret of the access key");
    let template_param = template_param(section, form);
    let (region, url) = (section.text("region"), section.http_url("url"));
    let access_key_id = secrecy::ExposeSecret::expose_secret(&access_key_id?).to_owned();
    Some(CloudConfig {
        access_key_id,
        access_key_secret: access_key_secret?,
        sign_name: sign_name?,
        template_code: template_code?,
        template_param,
        region,
        app_id,
        url,
    })
}

fn template_param(section: &mut Section<'_>, form: Form) -> Option<String> {
    let text = section.text("template_param")?;
    let is_right = match serde_json::from_str::<Json>(&text) {
        Ok(Json::Object(_)) => form == Form::Object,
        Ok(Json::Array(_)) => form == Form::List,
        Ok(Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_)) | Err(_) => false,
    };
    if !is_right {
        let example = match form {
            Form::Object => r#"'{"code":"{code}","min":"{minutes}"}'"#,
            Form::List => r#"'["{code}","{minutes}"]'"#,
        };
        section.problem("template_param", format!("expected JSON such as {example}"));
    }
    Some(text)
}

fn template(section: &mut Section<'_>) -> Option<TemplateConfig> {
    let methods = [("POST", "POST"), ("GET", "GET"), ("PUT", "PUT")];
    let method = section.choice("method", &methods, "POST").to_owned();
    let url = section.text("url").filter(|url| url.starts_with("http://") || url.starts_with("https://"));
    if url.is_none() {
        section.problem("url", "missing: the http or https URL of the gateway");
    }
    let mut headers = Vec::new();
    for (name, value) in section.table("headers") {
        match value {
            Value::String(value) => headers.push((name, value)),
            Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_)
            | Value::Array(_)
            | Value::Table(_) => section.problem("headers", format!("`{name}` has to be a text")),
        }
    }
    let body = section.text("body").unwrap_or_default();
    let success = success(section);
    let secret = section.secret("access_key_secret");
    let has_code =
        [url.as_deref().unwrap_or_default(), &body].into_iter().any(|text| text.contains("{code}"));
    if url.is_some() && !has_code {
        section.problem("body", "neither `body` nor `url` has {code}, so no code would be sent");
    }
    Some(TemplateConfig { method, url: url?, headers, body, secret, success })
}

fn success(section: &mut Section<'_>) -> Success {
    let mut table: Table = section.table("success");
    let status = match table.remove("status") {
        Some(Value::Array(items)) => {
            let status = |item: Value| item.as_integer().and_then(|status| u16::try_from(status).ok());
            items.into_iter().map(status).collect::<Option<Vec<_>>>()
        }
        Some(Value::Integer(status)) => u16::try_from(status).ok().map(|status| vec![status]),
        None => Some(Vec::new()),
        Some(
            Value::String(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) | Value::Table(_),
        ) => None,
    };
    let value = match (table.remove("pointer"), table.remove("equals")) {
        (Some(Value::String(pointer)), Some(equals)) if pointer.starts_with('/') => {
            Some(Some((pointer, json(equals))))
        }
        (None, None) => Some(None),
        (Some(_) | None, Some(_) | None) => None,
    };
    let (Some(status), Some(value), true) = (status, value, table.is_empty()) else {
        section.problem("success", "expected { status = [200], pointer = \"/code\", equals = 0 }");
        return Success { status: Vec::new(), value: None };
    };
    Success { status, value }
}

fn json(value: Value) -> Json {
    match value {
        Value::String(text) => Json::from(text),
        Value::Integer(number) => Json::from(number),
        Value::Float(number) => Json::from(number),
        Value::Boolean(flag) => Json::from(flag),
        Value::Datetime(time) => Json::from(time.to_string()),
        Value::Array(items) => items.into_iter().map(json).collect(),
        Value::Table(table) => table.into_iter().map(|(key, value)| (key, json(value))).collect(),
    }
}
