//! The checked settings of one app, which sign, encrypt and decrypt.

use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};

use super::aes_key::{AesKey, Decrypted};
use super::config::{CallbackConfig, CallbackConfigError, CallbackMode};
use super::refused::NotWechat;
use super::signature::Signature;

/// The token, the keys and the app id, which both ends of the callback have.
#[derive(Debug)]
pub(super) struct Secrets {
    app_id: String,
    token: SecretString,
    current: Option<Arc<AesKey>>,
    previous: Option<Arc<AesKey>>,
}

/// An encrypted message with its signature.
#[derive(Default)]
pub(super) struct SealedMessage {
    /// The `Encrypt` of the body.
    pub(super) encrypted: String,
    /// The `msg_signature`.
    pub(super) signature: String,
}

impl Secrets {
    pub(super) fn check(config: &CallbackConfig) -> Result<Self, CallbackConfigError> {
        check_app_id(&config.app_id)?;
        check_token(&config.token)?;
        let parse = |key: &Option<SecretString>| key.as_ref().map(AesKey::parse).transpose();
        let secrets = Self {
            app_id: config.app_id.clone(),
            token: config.token.clone(),
            current: parse(&config.encoding_aes_key)?.map(Arc::new),
            previous: parse(&config.previous_encoding_aes_key)?.map(Arc::new),
        };
        match config.mode {
            CallbackMode::Compat | CallbackMode::Secure if secrets.current.is_none() => {
                Err(CallbackConfigError::AesKeyMissing)
            }
            CallbackMode::Plain | CallbackMode::Compat | CallbackMode::Secure => Ok(secrets),
        }
    }

    /// Returns the key that new messages are encrypted with.
    pub(super) fn current_key(&self) -> Option<&Arc<AesKey>> {
        self.current.as_ref()
    }

    /// Makes `signature`, which covers no body.
    pub(super) fn sign_query(&self, timestamp: &str, nonce: &str) -> Signature {
        Signature::over([self.token.expose_secret(), timestamp, nonce])
    }

    /// Makes `msg_signature`, which covers the encrypted body.
    pub(super) fn sign_message(&self, timestamp: &str, nonce: &str, encrypted: &str) -> Signature {
        Signature::over([self.token.expose_secret(), timestamp, nonce, encrypted])
    }

    /// Encrypts a message for or from the app, and signs it.
    pub(super) fn seal(
        &self,
        key: &AesKey,
        message: &[u8],
        timestamp: &str,
        nonce: &str,
        random: &[u8; 16],
    ) -> SealedMessage {
        let encrypted = key.encrypt(message, &self.app_id, random);
        let signature = self.sign_message(timestamp, nonce, &encrypted).into_hex();
        SealedMessage { encrypted, signature }
    }

    /// Decrypts with the current key, else with the previous one, and returns the key that fitted.
    ///
    /// # Errors
    /// [`NotWechat`] where neither fits, or the message is meant for another app.
    pub(super) fn decrypt(&self, base64: &str) -> Result<(&Arc<AesKey>, Decrypted), NotWechat> {
        let keys = [&self.current, &self.previous].into_iter().flatten();
        let mut opened = keys.filter_map(|key| Some((key, key.decrypt(base64)?))).peekable();
        opened.peek().ok_or(NotWechat::Unreadable)?;
        opened.find(|(_, plain)| plain.app_id() == self.app_id.as_bytes()).ok_or(NotWechat::AppId)
    }
}

fn check_app_id(app_id: &str) -> Result<(), CallbackConfigError> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if (1..=64).contains(&app_id.len()) && app_id.bytes().all(known) {
        Ok(())
    } else {
        Err(CallbackConfigError::AppId)
    }
}

fn check_token(token: &SecretString) -> Result<(), CallbackConfigError> {
    let token = token.expose_secret();
    let length = token.chars().count();
    if !(3..=32).contains(&length) {
        return Err(CallbackConfigError::TokenLength(length));
    }
    if !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(CallbackConfigError::TokenCharacter);
    }
    Ok(())
}
