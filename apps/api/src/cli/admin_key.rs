//! `saoma key --admin`: a new key for the site API.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use saoma_api::{OsRandom, domain::ports::random_bytes, operator::sha256_hex};

/// Returns a new key of 256 random bits, and the line of the configuration that knows it by its hash.
pub(super) fn new_admin_key() -> (String, String) {
    let bytes: [u8; 32] = random_bytes(&OsRandom::default());
    let key = format!("saoma_{}", URL_SAFE_NO_PAD.encode(bytes));
    let line = format!("sha256 = \"{}\"", sha256_hex(&key));
    (key, line)
}
