//! The sections `[[webhooks]]`, and `[gate]`.

use saoma_domain::{
    event::{EventKinds, ReceiverName},
    text::hex,
};
use saoma_relay::{DataField, GateTarget, WebhookSecret, WebhookTarget};
use secrecy::ExposeSecret;

use super::section::Section;

/// A system of the site that hears events.
#[derive(Clone, Debug)]
pub struct WebhookConfig {
    /// The name by which events are kept for it; it follows from the URL.
    pub name: ReceiverName,
    /// Where and how it is told.
    pub target: WebhookTarget,
}

pub(super) fn read(root: &mut Section<'_>) -> Vec<WebhookConfig> {
    let mut webhooks: Vec<WebhookConfig> = Vec::new();
    for (at, table) in root.tables("webhooks").into_iter().enumerate() {
        let key = format!("webhooks[{at}]");
        let Some(webhook) = root.inside(&key, table, webhook) else { continue };
        if webhooks.iter().any(|other| other.name == webhook.name) {
            root.problem(&format!("{key}.url"), "another webhook has this URL");
        }
        webhooks.push(webhook);
    }
    webhooks
}

fn webhook(section: &mut Section<'_>) -> Option<WebhookConfig> {
    let has_url = section.has("url");
    let url = section.http_url("url");
    if !has_url {
        section.problem("url", "missing");
    }
    let secret = secret(section);
    let kinds = kinds(section);
    let data_fields = data_fields(section);
    let (url, secret) = (url?, secret?);
    let name = name(url.as_str())?;
    Some(WebhookConfig { name, target: WebhookTarget { url, secret, kinds, data_fields } })
}

/// Returns the name of the webhook with a URL, so that the order of the configuration does not matter.
fn name(url: &str) -> Option<ReceiverName> {
    let hash = ring::digest::digest(&ring::digest::SHA256, url.as_bytes());
    let short = hash.as_ref().iter().take(8).copied().collect::<Vec<_>>();
    ReceiverName::parse(format!("webhook-{}", hex(&short))).ok()
}

fn secret(section: &mut Section<'_>) -> Option<WebhookSecret> {
    let Some(text) = section.secret("secret") else {
        section
            .problem("secret", "missing: `whsec_` and 24 random bytes in base64, here or in `secret_file`");
        return None;
    };
    let secret = WebhookSecret::parse(text.expose_secret());
    if let Err(error) = &secret {
        section.problem("secret", error.to_string());
    }
    secret.ok()
}

fn kinds(section: &mut Section<'_>) -> EventKinds {
    let patterns = section.list("events");
    if patterns.is_empty() {
        return EventKinds::of_accounts();
    }
    let mut kinds = EventKinds::NONE;
    for pattern in patterns {
        match EventKinds::parse(&pattern) {
            Some(more) => kinds = kinds.and(more),
            None => section.problem(
                "events",
                format!(
                    "`{pattern}` is no event; expected names such as `account.created`, `session.*` or `*`"
                ),
            ),
        }
    }
    kinds
}

fn data_fields(section: &mut Section<'_>) -> Vec<DataField> {
    let mut fields = Vec::new();
    for name in section.list("data_fields") {
        match DataField::ALL.iter().find(|(known, _)| *known == name) {
            Some((_, field)) => fields.push(*field),
            None => {
                let known: Vec<_> = DataField::ALL.iter().map(|(name, _)| format!("`{name}`")).collect();
                section.problem("data_fields", format!("`{name}` is none of {}", known.join(", ")));
            }
        }
    }
    fields
}

pub(super) fn read_gate(section: &mut Section<'_>) -> Option<GateTarget> {
    let url = section.http_url("url");
    let admits_on_failure = section.choice("on_failure", &[("refuse", false), ("admit", true)], false);
    Some(GateTarget { url: url?, admits_on_failure })
}
