//! Saoma's end of the callback: checks requests and writes answers.

use std::sync::Arc;

use saoma_domain::time::Timestamp;

use super::aes_key::AesKey;
use super::config::{CallbackConfig, CallbackConfigError, CallbackMode};
use super::message::VerifiedMessage;
use super::query::CallbackQuery;
use super::refused::{CallbackRefused, check_size};
use super::reply::{self, Reply, SUCCESS};
use super::secrets::Secrets;
use super::xml::Fields;

/// How far WeChat's clock and ours may be apart, which is also how long a captured request can be repeated.
const FRESH_SECS: u64 = 300;

const MAX_ECHO_CHARS: usize = 64;

/// Checks and opens the callbacks of one WeChat app and writes the answers.
///
/// Pure: the time and random bytes are arguments. A comparison of signatures takes the same time wherever the
/// two differ.
#[derive(Debug)]
pub struct CallbackCodec {
    mode: CallbackMode,
    secrets: Secrets,
}

impl CallbackCodec {
    /// Makes the codec of one app.
    ///
    /// # Errors
    /// [`CallbackConfigError`] when the app id, the token or a key is not of WeChat's form, or a mode that
    /// encrypts has no key.
    pub fn new(config: &CallbackConfig) -> Result<Self, CallbackConfigError> {
        Ok(Self { mode: config.mode, secrets: Secrets::check(config)? })
    }

    /// Returns the text that answers the check of the URL (GET), to be sent as `text/plain` and as it is.
    ///
    /// # Errors
    /// [`CallbackRefused::Forbidden`] for a wrong signature, a timestamp more than 300 s off, and an
    /// `echostr` that is not 1–64 characters of `[A-Za-z0-9_+/=.-]`: no signature covers it, so it must not
    /// be able to mean anything to a browser.
    pub fn echo<'q>(&self, query: &'q CallbackQuery, now: Timestamp) -> Result<&'q str, CallbackRefused> {
        self.check_query(query, now)?;
        let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"_-+/=.".contains(&byte);
        query
            .echostr
            .as_deref()
            .filter(|echo| (1..=MAX_ECHO_CHARS).contains(&echo.len()) && echo.bytes().all(harmless))
            .ok_or_else(|| forbidden("echostr"))
    }

    /// Checks a message (POST) and reads it.
    ///
    /// Checks in the order of WeChat's rules: size, `signature`, age, and where the body has an `Encrypt` its
    /// `msg_signature`, decryption and app id. Only then it reads the fields, and never those next to an
    /// `Encrypt`. In plain and compat mode it reads a body without an `Encrypt` too, where nothing proves who
    /// wrote it.
    ///
    /// # Errors
    /// [`CallbackRefused`]: `TooLarge` for more than 64 KiB. Every failed check of origin is the same
    /// `Forbidden`. A body is `Malformed` only after the query's signature and age were right.
    pub fn open(
        &self,
        query: &CallbackQuery,
        body: &[u8],
        now: Timestamp,
    ) -> Result<VerifiedMessage, CallbackRefused> {
        check_size(body)?;
        self.check_query(query, now)?;
        let outer = Fields::parse(body)?;
        let Some(encrypted) = outer.get("Encrypt") else {
            return self.read_plain(&outer, query);
        };
        let (key, plain) = self.decrypt(query, encrypted)?;
        let inner = Fields::parse(&plain)?;
        // The receiver stands outside as well. WeChat does not write one that differs.
        if outer.get("ToUserName").is_some_and(|to| inner.get("ToUserName") != Some(to)) {
            return Err(forbidden("receiver"));
        }
        VerifiedMessage::read(&inner, &query.nonce, Some(key))
    }

    /// Writes the answer in the form in which the message came: encrypted with the key that opened it, or
    /// readable.
    ///
    /// Each answer needs fresh `random` bytes.
    pub fn answer(
        &self,
        message: &VerifiedMessage,
        reply: &Reply,
        now: Timestamp,
        random: &[u8; 16],
    ) -> String {
        let plain = match reply {
            Reply::Success => return SUCCESS.to_owned(),
            Reply::Text(text) => reply::text_xml(message, text, now),
        };
        let Some(key) = message.key() else { return plain };
        let (timestamp, nonce) = (now.as_secs().to_string(), message.nonce());
        reply::sealed_xml(&self.secrets.seal(key, &plain, &timestamp, nonce, random), now, nonce)
    }

    fn check_query(&self, query: &CallbackQuery, now: Timestamp) -> Result<(), CallbackRefused> {
        if !self.secrets.sign_query(&query.timestamp, &query.nonce).matches(&query.signature) {
            return Err(forbidden("signature"));
        }
        let sent = Some(query.timestamp.as_str())
            .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|text| text.parse::<i64>().ok())
            .ok_or_else(|| forbidden("timestamp"))?;
        if now.as_secs().abs_diff(sent) > FRESH_SECS {
            return Err(forbidden("age"));
        }
        Ok(())
    }

    fn read_plain(&self, fields: &Fields, query: &CallbackQuery) -> Result<VerifiedMessage, CallbackRefused> {
        let says_encrypted =
            query.encrypt_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("aes"));
        match self.mode {
            CallbackMode::Plain | CallbackMode::Compat if !says_encrypted => {
                VerifiedMessage::read(fields, &query.nonce, None)
            }
            CallbackMode::Plain | CallbackMode::Compat | CallbackMode::Secure => {
                Err(forbidden("not encrypted"))
            }
        }
    }

    fn decrypt(
        &self,
        query: &CallbackQuery,
        encrypted: &str,
    ) -> Result<(Arc<AesKey>, Vec<u8>), CallbackRefused> {
        let given = query.msg_signature.as_deref().unwrap_or_default();
        if !self.secrets.sign_message(&query.timestamp, &query.nonce, encrypted).matches(given) {
            return Err(forbidden("msg_signature"));
        }
        self.secrets.decrypt(encrypted).ok_or_else(|| forbidden("decryption"))
    }
}

/// Names the failed check in the log and not in the answer.
fn forbidden(check: &'static str) -> CallbackRefused {
    tracing::debug!(check, "a callback was refused");
    CallbackRefused::Forbidden
}
