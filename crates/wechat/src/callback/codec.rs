//! Saoma's end of the callback: checks requests and writes answers.

use std::borrow::Cow;

use saoma_domain::time::Timestamp;

use super::aes_key::Decrypted;
use super::config::{CallbackConfig, CallbackConfigError, CallbackMode};
use super::fields::{CallbackFormat, Damage, Fields};
use super::message::{Seal, VerifiedMessage};
use super::query::CallbackQuery;
use super::refused::{CallbackRefused, NotWechat, check_size};
use super::reply::{self, Reply, SUCCESS};
use super::secrets::Secrets;

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

/// What a request that passed every check holds.
#[derive(Clone, Debug)]
pub enum Opened {
    /// A message.
    Message(VerifiedMessage),
    /// WeChat sent it, but does not say who did what: answer [`SUCCESS`], since WeChat would tell the person about
    /// any other answer that the account is out of order.
    Unreadable,
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

    /// Returns whether a signature of the query may be all that shows who sent a body (plain mode). It covers no
    /// body, and sorts what it covers, so that time and nonce can change places: the caller MUST then take one
    /// signature for one body only.
    pub fn takes_unsigned_bodies(&self) -> bool {
        self.mode == CallbackMode::Plain
    }

    /// Makes the query by which WeChat would check the URL (GET), to see whether a running service takes it.
    pub fn sign_check(&self, now: Timestamp, nonce: &str, echo: &str) -> CallbackQuery {
        let timestamp = now.as_secs().to_string();
        let signature = self.secrets.sign_query(&timestamp, nonce).into_hex();
        let (nonce, echostr) = (nonce.to_owned(), Some(echo.to_owned()));
        CallbackQuery { signature, timestamp, nonce, echostr, ..CallbackQuery::default() }
    }

    /// Returns the text that answers the check of the URL (GET), to be sent as `text/plain` and as it is.
    ///
    /// # Errors
    /// [`CallbackRefused::Forbidden`] for a wrong signature, a timestamp more than 300 s off, and an
    /// `echostr` that is not 1–64 characters of `[A-Za-z0-9_+/=.-]`: no signature covers it, so it must not
    /// be able to mean anything to a browser.
    pub fn echo<'q>(&self, query: &'q CallbackQuery, now: Timestamp) -> Result<&'q str, CallbackRefused> {
        self.check_query(query, Some(now))?;
        let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"_-+/=.".contains(&byte);
        let echo = query.echostr.as_deref();
        Ok(echo
            .filter(|echo| (1..=MAX_ECHO_CHARS).contains(&echo.len()) && echo.bytes().all(harmless))
            .ok_or(NotWechat::Unreadable)?)
    }

    /// Checks a message (POST) and reads it.
    ///
    /// Checks in the order of WeChat's rules: size, `signature`, age, and where the body has an `Encrypt` its
    /// `msg_signature`, decryption and app id. Only then it reads the fields, and never those next to an
    /// `Encrypt`, which has to be there in every mode but plain. The time inside counts too, because the query's
    /// can be exchanged for the nonce.
    ///
    /// What is signed is WeChat's, however broken it is: people write texts that XML cannot carry, and WeChat
    /// passes them on. It is read as far as it can be. Where the fields begin and end is not certain it is
    /// [`Opened::Unreadable`]: which text belongs to the sender decides who is logged in, and a scan can be
    /// repeated while a login given away cannot be taken back.
    ///
    /// # Errors
    /// [`CallbackRefused`]: `TooLarge` for more than 64 KiB, `Forbidden` for every failed check of origin. After
    /// these, `Malformed` for a DTD anywhere, and for a body that is not signed and lacks a field or is broken
    /// elsewhere than in a text.
    pub fn open(
        &self,
        query: &CallbackQuery,
        format: CallbackFormat,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Opened, CallbackRefused> {
        self.open_at(query, format, body, Some(now))
    }

    /// Checks a message again that was kept since it came, however long ago that was; else as [`CallbackCodec::open`].
    ///
    /// # Errors
    /// As [`CallbackCodec::open`], but for the age.
    pub fn reopen(
        &self,
        query: &CallbackQuery,
        format: CallbackFormat,
        body: &[u8],
    ) -> Result<Opened, CallbackRefused> {
        self.open_at(query, format, body, None)
    }

    /// Without the time, the age is not checked.
    fn open_at(
        &self,
        query: &CallbackQuery,
        format: CallbackFormat,
        body: &[u8],
        now: Option<Timestamp>,
    ) -> Result<Opened, CallbackRefused> {
        check_size(body)?;
        self.check_query(query, now)?;
        let outer_text = text(body);
        let outer = fields(format, &outer_text, matches!(outer_text, Cow::Owned(_)))?;
        if outer.damage() == Damage::Structure {
            return Err(CallbackRefused::Malformed);
        }
        let Some(encrypted) = outer.get("Encrypt") else {
            return self.read_plain(&outer, query, format);
        };
        let given = query.msg_signature.as_deref().unwrap_or_default();
        if !self.secrets.sign_message(&query.timestamp, &query.nonce, encrypted).matches(given) {
            return Err(NotWechat::Signature.into());
        }
        let (key, plain) = self.secrets.decrypt(encrypted)?;
        let seal = Seal { format, nonce: query.nonce.clone(), key: Some(key.clone()) };
        read_sealed(&outer, &plain, seal, now)
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
        let Some(plain) = reply::passive(message, reply, now) else { return SUCCESS.to_owned() };
        let Seal { format, nonce, key } = message.seal();
        let Some(key) = key else { return plain };
        let sealed = self.secrets.seal(key, plain.as_bytes(), &now.as_secs().to_string(), nonce, random);
        reply::sealed(*format, &sealed, now, nonce)
    }

    fn check_query(&self, query: &CallbackQuery, now: Option<Timestamp>) -> Result<(), CallbackRefused> {
        if !self.secrets.sign_query(&query.timestamp, &query.nonce).matches(&query.signature) {
            return Err(NotWechat::Signature.into());
        }
        // WeChat writes digits and nothing else.
        let is_plain =
            !query.timestamp.starts_with('0') && query.timestamp.bytes().all(|b| b.is_ascii_digit());
        let sent = query.timestamp.parse().ok().filter(|_| is_plain).ok_or(NotWechat::Signature)?;
        check_age(sent, now)
    }

    fn read_plain(
        &self,
        fields: &Fields<'_>,
        query: &CallbackQuery,
        format: CallbackFormat,
    ) -> Result<Opened, CallbackRefused> {
        let says_encrypted =
            query.encrypt_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("aes"));
        if !self.takes_unsigned_bodies() || says_encrypted {
            return Err(NotWechat::Mode.into());
        }
        let seal = Seal { format, nonce: query.nonce.clone(), key: None };
        VerifiedMessage::read(fields, seal).map(Opened::Message)
    }
}

/// Reads what was encrypted.
fn read_sealed(
    outer: &Fields<'_>,
    plain: &Decrypted,
    seal: Seal,
    now: Option<Timestamp>,
) -> Result<Opened, CallbackRefused> {
    let text = text(plain.message());
    let inner = fields(seal.format, &text, matches!(text, Cow::Owned(_)))?;
    let receivers = outer.get("ToUserName").zip(inner.get("ToUserName"));
    // The receiver stands outside as well. WeChat does not write one that differs.
    if receivers.is_some_and(|(outside, inside)| outside != inside) {
        return Err(NotWechat::AppId.into());
    }
    if let Some(sent) = inner.get("CreateTime").and_then(|text| text.parse().ok()) {
        check_age(sent, now)?;
    }
    if inner.damage() == Damage::Structure {
        return Ok(Opened::Unreadable);
    }
    Ok(VerifiedMessage::read(&inner, seal).map_or(Opened::Unreadable, Opened::Message))
}

/// Returns bytes as a text, repaired where they are none. The strict reading comes first: it is many times faster.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

fn fields(format: CallbackFormat, text: &str, is_repaired: bool) -> Result<Fields<'_>, CallbackRefused> {
    let mut fields = Fields::read(format, text)?;
    if is_repaired {
        fields.damaged(Damage::Text);
    }
    Ok(fields)
}

fn check_age(sent: i64, now: Option<Timestamp>) -> Result<(), CallbackRefused> {
    let Some(now) = now else { return Ok(()) };
    let skew_secs = now.as_secs().saturating_sub(sent);
    if skew_secs.unsigned_abs() > FRESH_SECS { Err(NotWechat::Stale { skew_secs }.into()) } else { Ok(()) }
}
