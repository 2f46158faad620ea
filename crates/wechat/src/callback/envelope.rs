//! The XML around an encrypted message.

use saoma_domain::time::Timestamp;

use super::aes_key::AesKey;
use super::secrets::Secrets;
use super::xml;

/// Encrypts and signs a reply: `Encrypt`, `MsgSignature`, `TimeStamp`, `Nonce`.
pub(super) fn sealed_reply(
    secrets: &Secrets,
    key: &AesKey,
    plain_xml: &str,
    timestamp: Timestamp,
    nonce: &str,
    random: &[u8; 16],
) -> String {
    let encrypted = key.encrypt(plain_xml, secrets.app_id(), random);
    let seconds = timestamp.as_secs();
    let signature = secrets.sign_message(&seconds.to_string(), nonce, &encrypted).into_hex();
    let mut out = String::from("<xml>");
    xml::push_text(&mut out, "Encrypt", &encrypted);
    xml::push_text(&mut out, "MsgSignature", &signature);
    xml::push_number(&mut out, "TimeStamp", seconds);
    xml::push_text(&mut out, "Nonce", nonce);
    out.push_str("</xml>");
    out
}
