//! A phone number in the forms in which a mini program gets it from WeChat.

use std::time::Duration;

use aes::Aes128;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt as _, KeyIvInit as _};
use serde::Serialize;
use serde_json::{Value, json};

/// The answer of `getPhoneNumber` in a mini program, under the session key, in Base64.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EncryptedData {
    /// The JSON with the phone number, encrypted with AES-128-CBC.
    pub encrypted_data: String,
    /// The initial vector.
    pub iv: String,
}

/// What is wrong with encrypted data; the default is right in everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhoneData {
    /// Uses the session key before the current one; where there is none, a key of no session.
    pub outdated_key: bool,
    /// Puts another app id into the watermark.
    pub watermark_app_id: Option<String>,
    /// Dates the watermark back by whole seconds.
    pub age: Duration,
}

/// Encrypts under a session key in Base64; `None` when the key does not have 16 bytes.
pub(crate) fn encrypt(session_key: &str, iv: &[u8; 16], plain: &[u8]) -> Option<EncryptedData> {
    let key = <[u8; 16]>::try_from(STANDARD.decode(session_key).ok()?).ok()?;
    let encryptor = cbc::Encryptor::<Aes128>::new(&key.into(), &(*iv).into());
    let encrypted_data = STANDARD.encode(encryptor.encrypt_padded_vec::<Pkcs7>(plain));
    Some(EncryptedData { encrypted_data, iv: STANDARD.encode(iv) })
}

/// Returns WeChat's JSON about a phone number; numbers of the mainland stand there without `+86`.
pub(crate) fn phone_info(phone: &str, app_id: &str, now: i64) -> Value {
    let (country, number) = split_phone(phone);
    let shown = if country == "86" { &number } else { phone };
    json!({
        "phoneNumber": shown,
        "purePhoneNumber": number,
        "countryCode": country,
        "watermark": { "timestamp": now, "appid": app_id },
    })
}

/// Returns country code and national number of a phone number such as `+8613800138000`.
fn split_phone(phone: &str) -> (String, String) {
    match phonenumber::parse(None, phone) {
        Ok(number) => (number.country().code().to_string(), number.national().to_string()),
        Err(_) => (String::new(), phone.trim_start_matches('+').to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cbc::cipher::BlockModeDecrypt as _;

    fn decrypt(key: &str, iv: &[u8; 16], sealed: &str) -> Vec<u8> {
        let key = <[u8; 16]>::try_from(STANDARD.decode(key).unwrap()).unwrap();
        let decryptor = cbc::Decryptor::<Aes128>::new(&key.into(), &(*iv).into());
        decryptor.decrypt_padded_vec::<Pkcs7>(&STANDARD.decode(sealed).unwrap()).unwrap()
    }

    #[test]
    fn every_record_comes_out_as_in_the_vectors() {
        let vectors = include_str!("../../../tests/vectors/miniprogram_encrypted_data.json");
        let vectors = serde_json::from_str::<Value>(vectors).unwrap();
        let records =
            ["vectors", "official"].into_iter().flat_map(|list| vectors[list].as_array().unwrap().clone());
        let mut seen = 0;
        for record in records {
            let text = |name: &str| record[name].as_str().unwrap();
            let iv = <[u8; 16]>::try_from(STANDARD.decode(text("iv")).unwrap()).unwrap();
            let plain = decrypt(text("session_key"), &iv, text("encryptedData"));
            assert_eq!(
                serde_json::from_slice::<Value>(&plain).unwrap(),
                record["expected"],
                "{}",
                record["id"]
            );
            let again = encrypt(text("session_key"), &iv, &plain).unwrap();
            assert_eq!(
                (again.encrypted_data.as_str(), again.iv.as_str()),
                (text("encryptedData"), text("iv"))
            );
            seen += 1;
        }
        assert_eq!(seen, 11);
    }

    #[test]
    fn a_key_of_another_length_encrypts_nothing() {
        assert_eq!(encrypt("c2hvcnQ=", &[0; 16], b"{}"), None);
        assert_eq!(encrypt("not Base64", &[0; 16], b"{}"), None);
    }

    #[test]
    fn a_phone_number_is_split_behind_its_country_code() {
        for (phone, country, number) in [
            ("+8613800138000", "86", "13800138000"),
            ("+85251234567", "852", "51234567"),
            ("+12025550123", "1", "2025550123"),
            ("+442079460958", "44", "2079460958"),
            ("+97150123456", "971", "50123456"),
        ] {
            assert_eq!(split_phone(phone), (country.to_owned(), number.to_owned()));
        }
    }
}
