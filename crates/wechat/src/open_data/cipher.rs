//! The cipher of `encryptedData`: AES-128-CBC with the session key, padded as PKCS#7 does.

use std::time::Duration;

use aes::Aes128;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt as _, KeyIvInit as _};
use saoma_domain::ports::OpenDataError;
use saoma_domain::time::Timestamp;
use saoma_domain::wechat::SessionKey;
use secrecy::zeroize::Zeroizing;
use serde_json::{Map, Value};

use crate::json::whole_number;
use crate::padding::unpad;

const BLOCK: usize = 16;

/// How far WeChat's time in the data and ours may be apart.
///
/// A phone is bound within minutes of the tap that fetched the data, and clocks differ a little. Older data
/// was kept on purpose, and the number may have another owner by now.
const FRESH: Duration = Duration::from_secs(600);

/// Decrypts `encryptedData` and returns its fields, where the `watermark` names this app and a time at most
/// 10 minutes before or after `now`.
///
/// The client that sends the data may have changed it, since nothing authenticates the ciphertext (CBC is
/// malleable): it can turn parts into random bytes and change others at will. So a caller believes the fields
/// only as far as their form, and other fields that say the same, allow. The JSON is parsed strictly for that
/// reason.
///
/// # Errors
/// * [`OpenDataError::Malformed`] where `encrypted_data` is not strict base64 of whole blocks of 16 bytes, or
///   `iv` not of exactly one.
/// * [`OpenDataError::OutdatedKey`] where the key has another length than 16 bytes, or what it decrypts has
///   wrong padding or is no JSON object: the data was encrypted with another key.
/// * [`OpenDataError::OtherApp`] for another app's data, and for data without a watermark.
/// * [`OpenDataError::TooOld`] for data of another time, and for data without one.
pub(crate) fn open(
    app_id: &str,
    key: &SessionKey,
    encrypted_data: &str,
    iv: &str,
    now: Timestamp,
) -> Result<Map<String, Value>, OpenDataError> {
    let sealed = STANDARD.decode(encrypted_data).map_err(|_| OpenDataError::Malformed)?;
    let iv = block(iv).ok_or(OpenDataError::Malformed)?;
    if sealed.is_empty() || sealed.len() % BLOCK != 0 {
        return Err(OpenDataError::Malformed);
    }
    let key = block(key.reveal()).ok_or(OpenDataError::OutdatedKey)?;
    let data = decrypt(&key, &iv, &sealed).ok_or(OpenDataError::OutdatedKey)?;
    let watermark = data.get("watermark");
    let field = |name: &str| watermark.and_then(|watermark| watermark.get(name));
    if field("appid").and_then(Value::as_str) != Some(app_id) {
        return Err(OpenDataError::OtherApp);
    }
    let made_at = field("timestamp").and_then(whole_number).ok_or(OpenDataError::TooOld)?;
    if now.as_secs().abs_diff(made_at) > FRESH.as_secs() {
        return Err(OpenDataError::TooOld);
    }
    Ok(data)
}

/// Reads base64 of exactly 16 bytes.
fn block(base64: &str) -> Option<Zeroizing<[u8; BLOCK]>> {
    let bytes = Zeroizing::new(STANDARD.decode(base64).ok()?);
    <[u8; BLOCK]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new)
}

/// Returns `None` where the data was encrypted with another key, and does not tell how that showed.
fn decrypt(key: &[u8; BLOCK], iv: &[u8; BLOCK], sealed: &[u8]) -> Option<Map<String, Value>> {
    let cipher = cbc::Decryptor::<Aes128>::new(key.into(), iv.into());
    let plain = Zeroizing::new(cipher.decrypt_padded_vec::<NoPadding>(sealed).ok()?);
    serde_json::from_slice(unpad(&plain, BLOCK)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vectors(list: &str) -> Vec<Value> {
        let file = include_str!("../../../../tests/vectors/miniprogram_encrypted_data.json");
        serde_json::from_str::<Value>(file).unwrap()[list].as_array().unwrap().clone()
    }

    fn open_vector(vector: &Value, now: Timestamp) -> Result<Value, OpenDataError> {
        let text = |field: &str| vector[field].as_str().unwrap();
        let key = SessionKey::new(text("session_key").to_owned());
        open(text("appid"), &key, text("encryptedData"), text("iv"), now).map(Value::Object)
    }

    #[test]
    fn every_vector_decrypts_to_what_was_encrypted() {
        let (generated, official) = (vectors("vectors"), vectors("official"));
        assert_eq!((generated.len(), official.len()), (10, 1));
        for vector in generated.iter().chain(&official) {
            let made_at = vector["expected"]["watermark"]["timestamp"].as_i64().unwrap();
            let opened = open_vector(vector, Timestamp::from_secs(made_at));
            assert_eq!(opened.as_ref(), Ok(&vector["expected"]), "{}", vector["id"]);
        }
    }

    #[test]
    fn every_vector_to_be_rejected_is_rejected_for_its_reason() {
        let vectors = vectors("must_reject");
        assert_eq!(vectors.len(), 10);
        for vector in vectors {
            let expected = match vector["reason"].as_str().unwrap() {
                "watermark_appid" => OpenDataError::OtherApp,
                "decrypt" | "padding" | "json" | "session_key" => OpenDataError::OutdatedKey,
                "length" | "base64" | "iv" => OpenDataError::Malformed,
                "watermark_timestamp" => OpenDataError::TooOld,
                other => panic!("a new reason: {other}"),
            };
            let opened = open_vector(&vector, Timestamp::from_secs(1_763_610_000));
            assert_eq!(opened, Err(expected), "{}", vector["id"]);
        }
    }
}
