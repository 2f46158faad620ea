//! The section `[signing]`: the keys that sign tokens.

use std::time::Duration;

use saoma_domain::{signing::SigningAlgorithm, time::Timestamp};
use saoma_jwt::{ConfiguredKey, MAKES_RSA, SigningKey};
use secrecy::ExposeSecret;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::section::Section;

/// The keys that sign tokens.
#[derive(Clone, Debug)]
pub struct SigningConfig {
    /// The keys of the configuration, in its order.
    pub keys: Vec<ConfiguredKey>,
    /// How long a key signs that the service made, where none is configured.
    pub rotate: Duration,
}

pub(super) fn read(section: &mut Section<'_>) -> SigningConfig {
    let mut keys: Vec<ConfiguredKey> = Vec::new();
    for (at, table) in section.tables("keys").into_iter().enumerate() {
        let name = format!("keys[{at}]");
        let Some(key) = section.inside(&name, table, key) else { continue };
        if keys.iter().any(|other| other.key.kid() == key.key.kid()) {
            section.problem(&name, "is the same key as another one");
        }
        keys.push(key);
    }
    let days = section.number("rotate_days", 90, 1..=3650);
    SigningConfig { keys, rotate: Duration::from_secs(u64::from(days) * 24 * 60 * 60) }
}

fn key(section: &mut Section<'_>) -> Option<ConfiguredKey> {
    let has_file = section.has("key_file");
    let secret = section.secret("key");
    let signs_from = signs_from(section);
    let name = if has_file { "key_file" } else { "key" };
    let Some(secret) = secret else {
        if !section.has_problem_with("key_file") {
            section.problem("key_file", "missing: a private key in PEM, as `openssl genpkey` makes it");
        }
        return None;
    };
    match SigningKey::from_pem(secret.expose_secret()) {
        Ok(key) => Some(ConfiguredKey { key, signs_from: signs_from? }),
        Err(error) => {
            section.problem(name, error.to_string());
            None
        }
    }
}

fn signs_from(section: &mut Section<'_>) -> Option<Timestamp> {
    let Some(text) = section.text("signs_from") else { return Some(Timestamp::from_secs(0)) };
    let Ok(at) = OffsetDateTime::parse(&text, &Rfc3339) else {
        section.problem("signs_from", format!("`{text}` is no moment such as 2027-01-31T00:00:00Z"));
        return None;
    };
    Some(Timestamp::from_secs(at.unix_timestamp()))
}

/// Says what is missing where tokens are signed with an algorithm that this build makes no key for.
pub(super) fn missing(signing: &SigningConfig, needed: &[SigningAlgorithm]) -> Option<&'static str> {
    let is_rsa = |key: &ConfiguredKey| key.key.algorithm() == SigningAlgorithm::Rs256;
    let lacks = needed.contains(&SigningAlgorithm::Rs256) && !MAKES_RSA && !signing.keys.iter().any(is_rsa);
    lacks.then_some(
        "missing: tokens are signed with RS256, and this build makes no RSA keys; \
         `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out signing.pem` makes one, to be named by \
         `key_file` of `[[signing.keys]]`",
    )
}
