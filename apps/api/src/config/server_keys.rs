//! The keys `server.key` and `server.keys`.

use saoma_domain::keys::{KeyRing, ServerKey};
use secrecy::ExposeSecret;

use super::section::Section;

/// Reads the server keys: one, or several while the key is rotated.
pub(super) fn read(section: &mut Section<'_>) -> Option<KeyRing> {
    let one = section.secret("key");
    let several = section.secrets("keys");
    let (name, texts) = match (one, several.is_empty()) {
        (Some(_), false) => {
            section.problem("keys", "only one of `key` and `keys` can be given");
            return None;
        }
        (Some(key), true) => ("key", vec![key]),
        (None, false) => ("keys", several),
        (None, true) => {
            section.problem("key", "missing: 32 random bytes in hex, as `saoma key` prints them");
            return None;
        }
    };
    let mut keys = Vec::new();
    for text in &texts {
        match parse_key(text.expose_secret()) {
            Ok(key) => keys.push(key),
            Err(message) => section.problem(name, message),
        }
    }
    let mut keys = keys.into_iter();
    let current = keys.next()?;
    Some(KeyRing::new(current, keys.collect()))
}

fn parse_key(hex: &str) -> Result<ServerKey, String> {
    if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err("has to be 32 bytes in hex; this one has other characters than 0-9 and a-f".to_owned());
    }
    if hex.len() != 64 {
        return Err(format!("has to be 32 bytes in hex (64 characters); this one has {}", hex.len()));
    }
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        let digits = hex.get(at * 2..at * 2 + 2).unwrap_or("");
        *byte = u8::from_str_radix(digits, 16).map_err(|error| error.to_string())?;
    }
    if bytes == [0; 32] {
        return Err("has to be random".to_owned());
    }
    Ok(ServerKey::new(bytes))
}
