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

const BLOCK: usize = 16;

/// How far WeChat's time in the data and ours may be apart.
///
/// A phone is bound within minutes of the tap that fetched the data, and clocks differ a little. What is
/// older was kept by somebody: the number may have another owner by now.
const FRESH: Duration = Duration::from_secs(600);

/// Decrypts `encryptedData` and returns its fields, after checking the `watermark`: it has to name this app
/// and a time at most 10 minutes before or after `now`.
///
/// Nothing authenticates the ciphertext, and the client that sends it may have changed it (CBC is malleable):
/// parts of it turned into random bytes, others changed at will. So what comes out is believed as far as the
/// form of its fields, and fields that say the same, allow. The JSON is parsed strictly for that reason.
///
/// # Errors
/// * [`OpenDataError::Malformed`] where `encrypted_data` is not strict base64 of whole blocks of 16 bytes, or
///   `iv` not of exactly one.
/// * [`OpenDataError::OutdatedKey`] where the key has another length than 16 bytes, or decrypts it to
///   something with wrong padding or that is no JSON object: it was encrypted with another one.
/// * [`OpenDataError::OtherApp`] for another app's data, and for data without a watermark.
/// * [`OpenDataError::TooOld`] for data of another time, and for data without one.
pub fn open(
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

/// `None` says that the key is another one, without saying what showed it.
fn decrypt(key: &[u8; BLOCK], iv: &[u8; BLOCK], sealed: &[u8]) -> Option<Map<String, Value>> {
    let cipher = cbc::Decryptor::<Aes128>::new(key.into(), iv.into());
    let plain = Zeroizing::new(cipher.decrypt_padded_vec::<NoPadding>(sealed).ok()?);
    serde_json::from_slice(unpad(&plain)?).ok()
}

/// Takes the padding off; all of its bytes have to be right.
fn unpad(plain: &[u8]) -> Option<&[u8]> {
    let pad = *plain.last()?;
    let length = usize::from(pad);
    if !(1..=BLOCK).contains(&length) {
        return None;
    }
    let (message, padding) = plain.split_at_checked(plain.len().checked_sub(length)?)?;
    padding.iter().all(|byte| *byte == pad).then_some(message)
}
