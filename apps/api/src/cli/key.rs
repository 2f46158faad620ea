//! `saoma key`

use saoma_api::{
    OsRandom,
    domain::{ports::random_bytes, text::hex},
};

/// Returns a new server key: 32 bytes, in hexadecimal digits.
pub(super) fn new_key() -> String {
    let bytes: [u8; 32] = random_bytes(&OsRandom::default());
    hex(&bytes)
}
