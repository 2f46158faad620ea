//! WeChat's end of the callback, for simulations and tests.

use std::sync::Arc;

use saoma_domain::time::Timestamp;
use serde_json::{Map, Value};

use super::aes_key::AesKey;
use super::config::{CallbackConfig, CallbackConfigError, CallbackMode};
use super::fields::{CallbackFormat, Fields};
use super::query::CallbackQuery;
use super::refused::{CallbackRefused, NotWechat, check_size};
use super::secrets::{SealedMessage, Secrets};
use super::xml;

/// Signs and encrypts messages as WeChat does, and opens the answers to them.
///
/// A simulated WeChat and tests need it, a real service does not. It has the same settings as the
/// [`CallbackCodec`](super::CallbackCodec) that it talks to.
#[derive(Debug)]
pub struct CallbackSender {
    mode: CallbackMode,
    secrets: Secrets,
}

/// One request to the callback URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// The query to put behind the URL.
    pub query: CallbackQuery,
    /// The XML or JSON to post.
    pub body: String,
}

impl CallbackSender {
    /// Makes WeChat's end for one app.
    ///
    /// # Errors
    /// [`CallbackConfigError`], as for the codec.
    pub fn new(config: &CallbackConfig) -> Result<Self, CallbackConfigError> {
        Ok(Self { mode: config.mode, secrets: Secrets::check(config)? })
    }

    /// Makes the query of an unencrypted push; with an `echostr` it is the check of the URL.
    pub fn sign_query(&self, timestamp: Timestamp, nonce: &str) -> CallbackQuery {
        let timestamp = timestamp.as_secs().to_string();
        let signature = self.secrets.sign_query(&timestamp, nonce).into_hex();
        CallbackQuery { signature, timestamp, nonce: nonce.to_owned(), ..CallbackQuery::default() }
    }

    /// Makes the request that carries a message in the configured mode: readable, readable with the
    /// encrypted form beside it, or encrypted.
    ///
    /// `plain` is the message as [`message_xml`] writes it, `to` its `ToUserName`.
    pub fn push(&self, to: &str, plain: &str, timestamp: Timestamp, nonce: &str, random: &[u8; 16]) -> Push {
        if self.mode == CallbackMode::Plain {
            return Push { query: self.sign_query(timestamp, nonce), body: plain.to_owned() };
        }
        let mut push = self.push_sealed(CallbackFormat::Xml, to, plain.as_bytes(), timestamp, nonce, random);
        let readable = plain.strip_suffix("</xml>").filter(|_| self.mode == CallbackMode::Compat);
        if let (Some(readable), Some(at)) = (readable, push.body.find("<Encrypt>")) {
            push.body.replace_range(..at, readable);
        }
        push
    }

    /// Makes the request that carries a message in JSON; else as [`CallbackSender::push`].
    pub fn push_json(
        &self,
        to: &str,
        plain: &str,
        timestamp: Timestamp,
        nonce: &str,
        random: &[u8; 16],
    ) -> Push {
        if self.mode == CallbackMode::Plain {
            return Push { query: self.sign_query(timestamp, nonce), body: plain.to_owned() };
        }
        let mut push = self.push_sealed(CallbackFormat::Json, to, plain.as_bytes(), timestamp, nonce, random);
        if self.mode == CallbackMode::Compat {
            let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
            let both: Map<String, Value> = read(plain).into_iter().chain(read(&push.body)).collect();
            push.body = Value::Object(both).to_string();
        }
        push
    }

    /// Makes the request that carries any bytes encrypted, broken ones as well.
    ///
    /// Without a key the request has an empty `Encrypt`, which no receiver accepts.
    pub fn push_sealed(
        &self,
        format: CallbackFormat,
        to: &str,
        plain: &[u8],
        timestamp: Timestamp,
        nonce: &str,
        random: &[u8; 16],
    ) -> Push {
        let mut query = self.sign_query(timestamp, nonce);
        let seal = |key: &Arc<AesKey>| self.secrets.seal(key, plain, &query.timestamp, nonce, random);
        let SealedMessage { encrypted, signature } = self.secrets.current_key().map(seal).unwrap_or_default();
        query.msg_signature = Some(signature);
        query.encrypt_type = Some("aes".to_owned());
        let body = match format {
            CallbackFormat::Json => serde_json::json!({"ToUserName": to, "Encrypt": encrypted}).to_string(),
            CallbackFormat::Xml => message_xml(&[("ToUserName", to), ("Encrypt", &encrypted)]),
        };
        Push { query, body }
    }

    /// Opens an encrypted answer and returns the reply inside.
    ///
    /// Not for an answer of `success` or of no bytes, which is not encrypted.
    ///
    /// # Errors
    /// [`CallbackRefused`], where WeChat would show the person its notice of failure.
    pub fn open_reply(&self, body: &[u8]) -> Result<String, CallbackRefused> {
        check_size(body)?;
        let text = std::str::from_utf8(body).map_err(|_| CallbackRefused::Malformed)?;
        let format = if text.starts_with('{') { CallbackFormat::Json } else { CallbackFormat::Xml };
        let fields = Fields::read(format, text)?;
        let encrypted = fields.require("Encrypt")?;
        let signature =
            self.secrets.sign_message(fields.require("TimeStamp")?, fields.require("Nonce")?, encrypted);
        if !signature.matches(fields.require("MsgSignature")?) {
            return Err(NotWechat::Signature.into());
        }
        let (_key, plain) = self.secrets.decrypt(encrypted)?;
        String::from_utf8(plain.message().to_vec()).map_err(|_| CallbackRefused::Malformed)
    }
}

/// Writes a message or a reply from its fields, numbers bare and texts in CDATA as WeChat does.
pub fn message_xml(fields: &[(&str, &str)]) -> String {
    let mut out = String::from("<xml>");
    for (name, text) in fields {
        match text.parse() {
            Ok(number) if matches!(*name, "CreateTime" | "MsgId") => xml::push_number(&mut out, name, number),
            _ => xml::push_text(&mut out, name, text),
        }
    }
    out.push_str("</xml>");
    out
}
