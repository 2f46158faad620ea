//! What the site's own back end asks for.

use crate::{
    http::request,
    rows::{external_id, openid, phone},
};

/// The key of the site API.
const KEY: &str = "the-key-of-the-bench";

/// Returns the SHA-256 of the key, in hex.
pub(crate) fn key_hash() -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, KEY.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Searches for a person who was made here, by each of the keys that they have.
pub(crate) fn searches(person: u64) -> [Vec<u8>; 3] {
    let openid = format!("app=main&openid={}", openid(person));
    let phone = format!("phone={}", phone(person).replace('+', "%2B"));
    let external_id = format!("external_id={}", external_id(person));
    [phone, openid, external_id].map(|key| {
        let head = format!("Authorization: Bearer {KEY}\r\n");
        request("GET", &format!("/v1/admin/accounts?{key}"), &head, "")
    })
}
