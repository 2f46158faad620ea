//! WeChat's end of the callback, for simulations and tests.

use saoma_domain::time::Timestamp;

use super::config::{CallbackConfig, CallbackConfigError, CallbackMode};
use super::query::CallbackQuery;
use super::refused::{CallbackRefused, check_size};
use super::secrets::{SealedMessage, Secrets};
use super::xml::{self, Fields};

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
    /// The XML to post.
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
    /// `plain_xml` is the message as [`message_xml`] writes it, `to` its `ToUserName`.
    pub fn push(
        &self,
        to: &str,
        plain_xml: &str,
        timestamp: Timestamp,
        nonce: &str,
        random: &[u8; 16],
    ) -> Push {
        let mut query = self.sign_query(timestamp, nonce);
        let key = match self.mode {
            CallbackMode::Plain => None,
            CallbackMode::Compat | CallbackMode::Secure => self.secrets.current_key(),
        };
        let Some(key) = key else {
            return Push { query, body: plain_xml.to_owned() };
        };
        let SealedMessage { encrypted, signature } =
            self.secrets.seal(key, plain_xml, &query.timestamp, nonce, random);
        query.msg_signature = Some(signature);
        query.encrypt_type = Some("aes".to_owned());
        let readable = match self.mode {
            CallbackMode::Compat => plain_xml.strip_suffix("</xml>").map(str::to_owned),
            CallbackMode::Plain | CallbackMode::Secure => None,
        };
        let mut body = readable.unwrap_or_else(|| {
            let mut envelope = String::from("<xml>");
            xml::push_text(&mut envelope, "ToUserName", to);
            envelope
        });
        xml::push_text(&mut body, "Encrypt", &encrypted);
        body.push_str("</xml>");
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
        let fields = Fields::parse(body)?;
        let encrypted = fields.require("Encrypt")?;
        let signature =
            self.secrets.sign_message(fields.require("TimeStamp")?, fields.require("Nonce")?, encrypted);
        if !signature.matches(fields.require("MsgSignature")?) {
            return Err(CallbackRefused::Forbidden);
        }
        let (_key, plain) = self.secrets.decrypt(encrypted).ok_or(CallbackRefused::Forbidden)?;
        String::from_utf8(plain).map_err(|_| CallbackRefused::Malformed)
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
