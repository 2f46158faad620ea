//! `saoma key`

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use saoma_api::{
    OsRandom,
    domain::{ports::random_bytes, text::hex},
    operator::sha256_hex,
};

/// Returns a new server key: 32 bytes, in hexadecimal digits.
pub(super) fn new_server_key() -> String {
    hex(&random())
}

/// Returns a new key of the site API and, on a line of its own, what the configuration knows it by.
pub(super) fn new_admin_key() -> String {
    let key = format!("saoma_{}", URL_SAFE_NO_PAD.encode(random()));
    format!("{key}\nsha256 = \"{}\"", sha256_hex(&key))
}

fn random() -> [u8; 32] {
    random_bytes(&OsRandom::default())
}
