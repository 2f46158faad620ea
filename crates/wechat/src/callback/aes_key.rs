//! The cipher of an encrypted message.
//!
//! AES-256-CBC, IV = the first 16 bytes of the key, over `random(16) ‖ length(4, big endian) ‖ message ‖
//! app id`, padded as PKCS#7 does but to multiples of 32. Source: WeChat's page on message push.

use aes::Aes256;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretBox, SecretString};

use super::config::CallbackConfigError;
use crate::padding::unpad;

const KEY_CHARS: usize = 43;
const PAD_TO: usize = 32;
const RANDOM_BYTES: usize = 16;
/// Behind the random bytes and the length.
const MESSAGE_AT: usize = RANDOM_BYTES + 4;

/// 43 characters hold 258 bits. WeChat's console makes keys whose two spare bits are not zero, which a strict
/// decoder refuses; for everything but the key the strict one is right.
const KEY_BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// What a key decrypted.
pub(super) struct Decrypted {
    bytes: Vec<u8>,
    app_id_at: usize,
}

impl Decrypted {
    pub(super) fn message(&self) -> &[u8] {
        self.bytes.get(MESSAGE_AT..self.app_id_at).unwrap_or_default()
    }

    /// Returns the app that it is meant for.
    pub(super) fn app_id(&self) -> &[u8] {
        self.bytes.get(self.app_id_at..).unwrap_or_default()
    }
}

/// One `EncodingAESKey`.
#[derive(Debug)]
pub(super) struct AesKey(SecretBox<[u8; 32]>);

impl AesKey {
    pub(super) fn parse(text: &SecretString) -> Result<Self, CallbackConfigError> {
        let text = text.expose_secret();
        if text.chars().count() != KEY_CHARS {
            return Err(CallbackConfigError::AesKeyLength(text.chars().count()));
        }
        if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(CallbackConfigError::AesKeyCharacter);
        }
        let bytes =
            Zeroizing::new(KEY_BASE64.decode(text).map_err(|_| CallbackConfigError::AesKeyCharacter)?);
        let bytes = <[u8; 32]>::try_from(bytes.as_slice())
            .map_err(|_| CallbackConfigError::AesKeyLength(text.len()))?;
        Ok(Self(SecretBox::new(Box::new(bytes))))
    }

    /// Encrypts a message for or from the app and returns it in Base64.
    pub(super) fn encrypt(&self, message: &[u8], app_id: &str, random: &[u8; RANDOM_BYTES]) -> String {
        let mut plain = random.to_vec();
        // A body is refused long before 4 GiB, and our own replies have a few hundred bytes.
        plain.extend(u32::try_from(message.len()).unwrap_or(u32::MAX).to_be_bytes());
        plain.extend(message);
        plain.extend(app_id.as_bytes());
        let pad = PAD_TO - plain.len() % PAD_TO;
        plain.extend(std::iter::repeat_n(u8::try_from(pad).unwrap_or(0), pad));
        let (key, iv) = self.key_and_iv();
        STANDARD.encode(
            cbc::Encryptor::<Aes256>::new(&key.into(), &iv.into()).encrypt_padded_vec::<NoPadding>(&plain),
        )
    }

    /// Decrypts a message that is meant for the app.
    ///
    /// Returns `None` for what this key did not encrypt: no Base64, no whole blocks, a wrong padding byte, a
    /// length that is too large.
    pub(super) fn decrypt(&self, base64: &str) -> Option<Decrypted> {
        let mut bytes = STANDARD.decode(base64).ok()?;
        let (key, iv) = self.key_and_iv();
        let cipher = cbc::Decryptor::<Aes256>::new(&key.into(), &iv.into());
        let plain = cipher.decrypt_padded::<NoPadding>(&mut bytes).ok()?;
        let end = unpad(plain, PAD_TO)?.len();
        let (_random, rest) = plain.split_first_chunk::<RANDOM_BYTES>()?;
        let (length, _) = rest.split_first_chunk::<4>()?;
        let app_id_at = MESSAGE_AT.checked_add(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        bytes.truncate(end);
        (app_id_at <= end).then_some(Decrypted { bytes, app_id_at })
    }

    fn key_and_iv(&self) -> ([u8; 32], [u8; 16]) {
        let key = *self.0.expose_secret();
        let mut iv = [0; 16];
        iv.iter_mut().zip(key).for_each(|(to, from)| *to = from);
        (key, iv)
    }
}
